import { expect, test } from 'vitest';
import { Cluster } from '../../cluster.ts';

interface Typed {
  readonly output: string;
  readonly exitCode: number;
}

function type(cluster: Cluster, script: string): Typed {
  return cluster.terminals.run(script, (ms) => cluster.advance(ms));
}

/** A cluster with a Deployment of two and a Service, at rest; every test works on a fork of its own. */
const base = Cluster.create({ seed: 1, latency: 'instant' });
type(
  base,
  'kubectl create deployment web --image=nginx:1.27 --replicas=2 && kubectl rollout status deployment/web && kubectl expose deployment web --port=80',
);
base.settle(60_000);

function fresh(): Cluster {
  return base.fork();
}

/** Files on the workstation, for `-f`. */
function withFile(path: string, text: string): Cluster {
  const cluster = fresh();
  cluster.terminals.files.write(`/home/student/${path}`, text);
  return cluster;
}

test.each([
  ['kubectl get deployments', /^NAME {3}READY {3}UP-TO-DATE {3}AVAILABLE {3}AGE\nweb {4}2\/2 {5}2 {12}2 {11}\d+s\n$/],
  ['kubectl get pods --no-headers', /^(web-\w+-\w+ {3}1\/1 {3}Running {3}0 {3}\d+s\n){2}$/],
  [
    'kubectl get po -o wide',
    /^NAME +READY {3}STATUS {4}RESTARTS {3}AGE {3}IP +NODE {5}NOMINATED NODE {3}READINESS GATES\nweb-.* 10\.244\.\d+\.\d+ {3}node-\d {3}<none> {11}<none>\n/,
  ],
  [
    'kubectl get deploy/web svc/web',
    /^NAME {18}READY [\s\S]*\ndeployment\.apps\/web {3}2\/2 [\s\S]*\n\nNAME +TYPE [\s\S]*\nservice\/web {3}ClusterIP {3}10\.\d+\.\d+\.\d+ {2,}<none> +80\/TCP +\d+s\n$/,
  ],
  ['kubectl get deploy web -o name', /^deployment\.apps\/web\n$/],
  ['kubectl get deploy web -o jsonpath={.spec.replicas}', /^2$/],
  ['kubectl get pods -o jsonpath=\'{range .items[*]}{.spec.containers[0].image}{"\\n"}{end}\'', /^nginx:1\.27\nnginx:1\.27\n$/],
  ['kubectl get pods -o jsonpath=\'{.items[?(@.status.phase=="Running")].metadata.labels.app}\'', /^web web$/],
  ['kubectl get pods -o custom-columns=NODE:.spec.nodeName --sort-by=.spec.nodeName', /^NODE\nnode-1\nnode-2\n$/],
  ['kubectl get pods -l app=web --show-labels --no-headers', /app=web,pod-template-hash=\w+\n/],
  ['kubectl get pods -L app --no-headers', / {3}web\n/],
  ['kubectl get pods -A --field-selector spec.nodeName=node-1 --no-headers', /^default .*\nkube-system /],
  ['kubectl get ns', /^NAME {14}STATUS {3}AGE\ndefault {11}Active /],
  [
    'kubectl get nodes',
    /^NAME {12}STATUS {3}ROLES {11}AGE {3}VERSION\ncontrol-plane {3}Ready {4}control-plane {3}\d+s {3}v1\.36\.0\nnode-1 {10}Ready {4}<none> /,
  ],
  ['kubectl get svc web -o json', /^\{\n {4}"apiVersion": "v1",\n {4}"kind": "Service",\n/],
  [
    'kubectl get deploy web -o yaml',
    /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}annotations:\n {4}deployment\.kubernetes\.io\/revision: "1"\n/,
  ],
  ['kubectl get all', /^NAME[\s\S]*\npod\/web-[\s\S]*\nservice\/kubernetes [\s\S]*\ndeployment\.apps\/web [\s\S]*\nreplicaset\.apps\/web-/],
  ['kubectl get --raw /healthz', /^ok$/],
])('[KUBECTL-1] %s', (command, output) => {
  const result = type(fresh(), command);
  expect(result.output).toMatch(output);
  expect(result.exitCode).toBe(0);
});

test.each([
  ['kubectl get pod nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ['kubectl get deploy nope', 'Error from server (NotFound): deployments.apps "nope" not found\n'],
  ['kubectl get foo', `error: the server doesn't have a resource type "foo"\n`],
  ['kubectl get pods --nope', "error: unknown flag: --nope\nSee 'kubectl get --help' for usage.\n"],
  ['kubectl nonsense', 'error: unknown command "nonsense" for "kubectl"\n'],
  ['kubectl scale deployment web', 'error: The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0\n'],
  ['kubectl scale deployment web --replicas=3 --current-replicas=5', 'error: Expected replicas to be 5, was 2\n'],
  ['kubectl create deployment x', 'error: required flag(s) "image" not set\n'],
  [
    'kubectl create ns Team',
    "The Namespace \"Team\" is invalid: metadata.name: Invalid value: \"Team\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')\n",
  ],
  ['kubectl create configmap kube-root-ca.crt', 'Error from server (AlreadyExists): configmaps "kube-root-ca.crt" already exists\n'],
  ['kubectl label deployment web app=other', "error: 'app' already has a value (web), and --overwrite is false\n"],
  ['kubectl set image deployment/web nope=x', 'error: unable to find container named "nope"\n'],
  ['kubectl rollout undo deployment/web', 'error: no rollout history found for deployment.apps "web"\n'],
  ['kubectl delete pods', 'error: resource(s) were provided, but no name was specified\n'],
  ['kubectl delete pod nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ['kubectl apply -f nope.yaml', 'error: the path "nope.yaml" does not exist\n'],
  ['kubectl apply', 'error: must specify one of -f and -k\n'],
  ['kubectl logs nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ['kubectl wait --for=condition=Ready pod/nope', 'Error from server (NotFound): pods "nope" not found\n'],
  ['kubectl wait --for=condition=Nope deployment/web --timeout=1s', 'error: timed out waiting for the condition on deployments/web\n'],
  ['kubectl get deploy web -o nope', /^error: unable to match a printer suitable for the output format "nope", allowed formats are: /],
  [
    `kubectl patch deployment web -p '{"spec":{"replicas":"x"}}'`,
    'Error from server (BadRequest): Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32\n',
  ],
  [
    `kubectl patch svc web --type=json -p '[{"op":"test","path":"/kind","value":"x"}]'`,
    /^The request is invalid: the server rejected our request due to an error in our request/,
  ],
  ['kubectl top nodes', 'error: "kubectl top" is not simulated here yet\n'],
] as const)('[KUBECTL-2] %s fails with 1 and the words of the real one', (command, output) => {
  const result = type(fresh(), command);
  if (typeof output === 'string') expect(result.output).toBe(output);
  else expect(result.output).toMatch(output);
  expect(result.exitCode).toBe(1);
});

test('[KUBECTL-2] several wrong fields are listed one by one', () => {
  const cluster = withFile(
    'p.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: p\nspec:\n  restartPolicy: Sometimes\n  containers:\n  - name: a\n',
  );
  expect(type(cluster, 'kubectl create -f p.yaml').output).toBe(
    'The Pod "p" is invalid: \n* spec.containers[0].image: Required value\n* spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"\n',
  );
});

test.each([
  ['kubectl get pods -n nowhere', 'No resources found in nowhere namespace.\n'],
  ['kubectl get pods -l app=nope', 'No resources found in default namespace.\n'],
  ['kubectl get pods -A -l app=nope', 'No resources found\n'],
  ['kubectl get nodes -l app=nope', 'No resources found\n'],
  ['kubectl get pod nope --ignore-not-found', ''],
])('[KUBECTL-3] %s finds nothing, which is no failure', (command, output) => {
  expect(type(fresh(), command)).toMatchObject({ output, exitCode: 0 });
});

test.each([
  ['kubectl scale deployment web --replicas=3', 'deployment.apps/web scaled\n', 'deploy web', '{.spec.replicas}', '3'],
  [
    'kubectl set image deployment/web nginx=nginx:1.26',
    'deployment.apps/web image updated\n',
    'deploy web',
    '{.spec.template.spec.containers[0].image}',
    'nginx:1.26',
  ],
  [
    'kubectl set env deployment/web A=1',
    'deployment.apps/web env updated\n',
    'deploy web',
    '{.spec.template.spec.containers[0].env[0].value}',
    '1',
  ],
  [
    'kubectl set resources deployment/web --requests=cpu=100m',
    'deployment.apps/web resource requirements updated\n',
    'deploy web',
    '{.spec.template.spec.containers[0].resources.requests.cpu}',
    '100m',
  ],
  ['kubectl label deployment web tier=front', 'deployment.apps/web labeled\n', 'deploy web', '{.metadata.labels.tier}', 'front'],
  ['kubectl label deployment web app=db --overwrite', 'deployment.apps/web labeled\n', 'deploy web', '{.metadata.labels.app}', 'db'],
  ['kubectl label deployment web app-', 'deployment.apps/web unlabeled\n', 'deploy web', '{.metadata.labels}', ''],
  ['kubectl annotate deployment web note=hello', 'deployment.apps/web annotated\n', 'deploy web', '{.metadata.annotations.note}', 'hello'],
  ['kubectl cordon node-1', 'node/node-1 cordoned\n', 'node node-1', '{.spec.unschedulable}', 'true'],
  ['kubectl uncordon node-1', 'node/node-1 already uncordoned\n', 'node node-1', '{.spec.unschedulable}', ''],
  ['kubectl taint nodes node-1 gpu=true:NoSchedule', 'node/node-1 tainted\n', 'node node-1', '{.spec.taints[0].effect}', 'NoSchedule'],
  [`kubectl patch deployment web -p '{"spec":{"replicas":4}}'`, 'deployment.apps/web patched\n', 'deploy web', '{.spec.replicas}', '4'],
  [
    `kubectl patch deployment web --type=merge -p '{"spec":{"paused":true}}'`,
    'deployment.apps/web patched\n',
    'deploy web',
    '{.spec.paused}',
    'true',
  ],
  [
    `kubectl patch deployment web --type=json -p '[{"op":"replace","path":"/spec/replicas","value":5}]'`,
    'deployment.apps/web patched\n',
    'deploy web',
    '{.spec.replicas}',
    '5',
  ],
  [
    `kubectl patch deployment web -p '{"spec":{"replicas":2}}'`,
    'deployment.apps/web patched (no change)\n',
    'deploy web',
    '{.spec.replicas}',
    '2',
  ],
  ['kubectl rollout pause deployment/web', 'deployment.apps/web paused\n', 'deploy web', '{.spec.paused}', 'true'],
  ['kubectl rollout restart deployment/web', 'deployment.apps/web restarted\n', 'deploy web', '{.metadata.generation}', '2'],
  [
    'kubectl expose deployment web --name=again --port=8080 --target-port=80 --type=NodePort',
    'service/again exposed\n',
    'svc again',
    '{.spec.ports[0].targetPort}',
    '80',
  ],
  ['kubectl create configmap app --from-literal=a=1 --from-literal=b=2', 'configmap/app created\n', 'cm app', '{.data.b}', '2'],
  ['kubectl create secret generic s --from-literal=p=x', 'secret/s created\n', 'secret s', '{.data.p}', 'eA=='],
  ['kubectl create namespace team', 'namespace/team created\n', 'ns team', '{.status.phase}', 'Active'],
  ['kubectl create serviceaccount bot', 'serviceaccount/bot created\n', 'sa bot', '{.metadata.name}', 'bot'],
  ['kubectl create service clusterip s --tcp=80:8080', 'service/s created\n', 'svc s', '{.spec.ports[0].targetPort}', '8080'],
  ['kubectl run one --image=nginx --port=80 --labels=a=b', 'pod/one created\n', 'pod one', '{.metadata.labels.a}', 'b'],
])('[KUBECTL-4] %s', (command, output, object, path, value) => {
  const cluster = fresh();
  expect(type(cluster, command)).toMatchObject({ output, exitCode: 0 });
  expect(type(cluster, `kubectl get ${object} -o jsonpath='${path}'`).output).toBe(value);
});

test.each([
  ['kubectl label deployment web tier=front --dry-run=client', 'deployment.apps/web labeled (dry run)\n'],
  ['kubectl annotate deployment web x=y --dry-run=server', 'deployment.apps/web annotated (server dry run)\n'],
  ['kubectl scale deployment web --replicas=9 --dry-run=server', 'deployment.apps/web scaled (server dry run)\n'],
  ['kubectl cordon node-1 --dry-run=client', 'node/node-1 cordoned (dry run)\n'],
  ['kubectl create ns x --dry-run=server', 'namespace/x created (server dry run)\n'],
  ['kubectl delete deployment web --dry-run=client', 'deployment.apps "web" deleted from default namespace (dry run)\n'],
  ['kubectl run x --image=nginx --dry-run=client', 'pod/x created (dry run)\n'],
])('[KUBECTL-5] %s changes nothing', (command, output) => {
  const cluster = fresh();
  const { revision } = cluster.api.store;
  expect(type(cluster, command)).toMatchObject({ output, exitCode: 0 });
  expect(cluster.api.store.revision).toBe(revision);
});

test('[KUBECTL-5] --dry-run=client -o yaml writes a manifest that can be applied', () => {
  const cluster = fresh();
  expect(type(cluster, 'kubectl create deployment d --image=nginx --dry-run=client -o yaml | tee d.yaml').output).toBe(
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  labels:\n    app: d\n  name: d\nspec:\n  replicas: 1\n  selector:\n    matchLabels:\n      app: d\n  strategy: {}\n  template:\n    metadata:\n      labels:\n        app: d\n    spec:\n      containers:\n      - image: nginx\n        name: nginx\n        resources: {}\nstatus: {}\n',
  );
  expect(type(cluster, 'kubectl apply -f d.yaml; kubectl apply -f d.yaml').output).toBe(
    'deployment.apps/d created\ndeployment.apps/d unchanged\n',
  );
});

test('[KUBECTL-6] rollout: status waits, history lists, undo goes back', () => {
  const cluster = fresh();
  const script = `kubectl set image deployment/web nginx=nginx:1.26 >/dev/null
    kubectl annotate deployment web kubernetes.io/change-cause='to 1.26' >/dev/null
    kubectl rollout status deployment/web | tail -1
    kubectl rollout history deployment/web
    kubectl rollout undo deployment/web
    kubectl rollout status deployment/web | tail -1
    kubectl get deploy web -o jsonpath='{.spec.template.spec.containers[0].image}'`;
  expect(type(cluster, script)).toMatchObject({
    output:
      'deployment "web" successfully rolled out\ndeployment.apps/web \nREVISION  CHANGE-CAUSE\n1         <none>\n2         to 1.26\n\ndeployment.apps/web rolled back\ndeployment "web" successfully rolled out\nnginx:1.27',
    exitCode: 0,
  });
});

test('[KUBECTL-6] rollout status fails when the rollout has', () => {
  const cluster = fresh();
  type(
    cluster,
    `kubectl patch deployment web -p '{"spec":{"progressDeadlineSeconds":30}}'; kubectl set image deployment/web nginx=nginx:nope`,
  );
  const { output, exitCode } = type(cluster, 'kubectl rollout status deployment/web');
  expect(output).toMatch(/error: deployment "web" exceeded its progress deadline\n$/);
  expect(exitCode).toBe(1);
});

test('[KUBECTL-7] drain moves pods away and leaves daemons', () => {
  const cluster = fresh();
  const refused = type(cluster, 'kubectl drain node-1');
  expect(refused.exitCode).toBe(1);
  expect(refused.output).toMatch(
    /^node\/node-1 cordoned\nerror: unable to drain node "node-1" due to error: cannot delete DaemonSet-managed Pods \(use --ignore-daemonsets to ignore\): kube-system\/.*, continuing command\.\.\.\nThere are pending nodes to be drained:\n node-1\nerror: cannot delete DaemonSet-managed Pods/,
  );
  const drained = type(cluster, 'kubectl drain node-1 --ignore-daemonsets');
  expect(drained.output).toMatch(
    /^node\/node-1 already cordoned\nWarning: ignoring DaemonSet-managed Pods: [\s\S]*\nevicting pod default\/web-[\s\S]*\npod\/web-\S+ evicted\n[\s\S]*node\/node-1 drained\n$/,
  );
  cluster.settle(60_000);
  expect(type(cluster, "kubectl get pods -o jsonpath='{.items[*].spec.nodeName}'").output).toBe('node-2 node-2');
});

test('[KUBECTL-8] exec, logs and run speak with containers', () => {
  const cluster = fresh();
  expect(type(cluster, 'kubectl exec deploy/web -- cat /etc/hostname').output).toMatch(/^web-\w+-\w+\n$/);
  expect(type(cluster, "kubectl exec deploy/web -- sh -c 'exit 7'")).toMatchObject({
    output: 'command terminated with exit code 7\n',
    exitCode: 7,
  });
  expect(type(cluster, 'echo hello | kubectl exec -i deploy/web -- cat').output).toBe('hello\n');
  expect(
    type(
      cluster,
      "kubectl run once --image=busybox --restart=Never -- sh -c 'echo hi; exit 3'; kubectl wait --for=jsonpath='{.status.phase}'=Failed pod/once",
    ).output,
  ).toBe('pod/once created\npod/once condition met\n');
  expect(type(cluster, 'kubectl logs once').output).toBe('hi\n');
  expect(type(cluster, 'kubectl exec once -- true')).toMatchObject({
    output: 'error: cannot exec into a container in a completed pod; current phase is Failed\n',
    exitCode: 1,
  });
  expect(type(cluster, 'kubectl logs once -c nope')).toMatchObject({
    output: 'Error from server (BadRequest): container nope is not valid for pod once\n',
    exitCode: 1,
  });
});

test('[KUBECTL-9] delete waits until the object is gone', () => {
  const cluster = fresh();
  expect(type(cluster, 'kubectl delete svc/web deployment/web').output).toBe(
    'service "web" deleted from default namespace\ndeployment.apps "web" deleted from default namespace\n',
  );
  expect(
    type(cluster, 'kubectl create ns team >/dev/null; kubectl create cm a -n team >/dev/null; kubectl delete ns team; kubectl get ns team')
      .output,
  ).toBe('namespace "team" deleted\nError from server (NotFound): namespaces "team" not found\n');
  expect(type(cluster, 'kubectl delete pods --all; kubectl get pods').output).toMatch(/No resources found in default namespace\.\n$/);
  expect(type(cluster, 'kubectl run x --image=nginx >/dev/null; kubectl delete pod x --force').output).toBe(
    'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\npod "x" force deleted from default namespace\n',
  );
});

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 1
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
      - name: main
        image: nginx:1.27
        env:
        - {name: A, value: "1"}
        - {name: B, value: "2"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
data:
  a: "1"
  b: "2"
`;

test('[KUBECTL-10] apply creates, changes, removes what it had set before, and leaves alone what others set', () => {
  const cluster = withFile('app.yaml', manifest);
  const apply = (): string => type(cluster, 'kubectl apply -f app.yaml').output;
  expect(apply()).toBe('deployment.apps/api created\nconfigmap/settings created\n');
  expect(apply()).toBe('deployment.apps/api unchanged\nconfigmap/settings unchanged\n');
  type(
    cluster,
    `kubectl scale deployment api --replicas=3; kubectl patch configmap settings -p '{"data":{"c":"3"}}'; kubectl label deployment api tier=front`,
  );
  cluster.terminals.files.write(
    '/home/student/app.yaml',
    manifest
      .replace('  replicas: 1\n', '')
      .replace('        - {name: A, value: "1"}\n', '')
      .replace('  a: "1"\n', '')
      .replace('b: "2"', 'b: "9"'),
  );
  expect(apply()).toBe('deployment.apps/api configured\nconfigmap/settings configured\n');
  expect(type(cluster, "kubectl get cm settings -o jsonpath='{.data}'").output).toBe('{"b":"9","c":"3"}');
  // The replicas were applied and are applied no more: they fall back to the default, as upstream warns.
  expect(
    type(
      cluster,
      "kubectl get deploy api -o jsonpath='{.spec.replicas} {.spec.template.spec.containers[0].env[*].name} {.metadata.labels.tier}'",
    ).output,
  ).toBe('1 B front');
  expect(apply()).toBe('deployment.apps/api unchanged\nconfigmap/settings unchanged\n');
});

test('[KUBECTL-10] apply of an object that was made without it warns', () => {
  const cluster = withFile(
    'web.yaml',
    'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  selector: {app: web}\n  ports: [{port: 80}]\n',
  );
  expect(type(cluster, 'kubectl apply -f web.yaml').output).toMatch(
    /^Warning: resource services\/web is missing the kubectl\.kubernetes\.io\/last-applied-configuration annotation which is required by kubectl apply\. [\s\S]*\nservice\/web configured\n$/,
  );
});

test.each([
  ['broken YAML', 'a: [1\n', /^error: error parsing m\.yaml: /],
  ['no kind', 'apiVersion: v1\nmetadata: {name: x}\n', /^error: error validating "m\.yaml": error validating data: kind not set; /],
  [
    'an unknown kind',
    'apiVersion: v1\nkind: Podd\nmetadata: {name: x}\n',
    /^error: resource mapping not found for name: "x" namespace: "" from "m\.yaml": no matches for kind "Podd" in version "v1"\nensure CRDs are installed first\n$/,
  ],
  [
    'an unknown field',
    'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndta: {}\n',
    /^Error from server \(BadRequest\): error when creating "m\.yaml": ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dta"\n$/,
  ],
  [
    'an invalid object',
    'apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {ports: [{port: 80, protocol: Xyz}]}\n',
    /^The Service "x" is invalid: spec\.ports\[0\]\.protocol: Unsupported value: "Xyz": supported values: "SCTP", "TCP", "UDP"\n$/,
  ],
  [
    'a change of what is immutable',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  selector: {matchLabels: {app: x}}\n  template:\n    metadata: {labels: {app: x}}\n    spec: {containers: [{name: nginx, image: nginx}]}\n',
    /\nThe Deployment "web" is invalid: \n?.*spec\.selector: Invalid value: .*: field is immutable\n$/,
  ],
  ['nothing', '# only a comment\n', /^error: no objects passed to apply\n$/],
])('[KUBECTL-11] %s is refused, and the rest of the file is applied', (_name, text, output) => {
  const cluster = withFile('m.yaml', text);
  const result = type(cluster, 'kubectl apply -f m.yaml');
  expect(result.output).toMatch(output);
  expect(result.exitCode).toBe(1);
  if (text.startsWith('a:') || text.startsWith('#')) return;
  cluster.terminals.files.write('/home/student/m.yaml', `${text}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n`);
  expect(type(cluster, 'kubectl apply -f m.yaml').output).toContain('configmap/good created\n');
});

test('[KUBECTL-12] files: directories, standard input, create, replace, delete, diff', () => {
  const cluster = fresh();
  const { output } = type(
    cluster,
    `mkdir d; printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\n' > d/a.yaml; printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: b}\\n' > d/b.yml; echo no > d/readme.txt
     kubectl create -f d; kubectl create -f d/a.yaml; cat d/a.yaml | sed 's/name: a/name: c/' | kubectl apply -f -
     printf 'apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: a}\\ndata: {x: "1"}\\n' > d/a.yaml
     kubectl diff -f d/a.yaml >/dev/null; echo $?; kubectl replace -f d/a.yaml; kubectl get cm a -o jsonpath='{.data.x}{"\\n"}'; kubectl delete -f d`,
  );
  expect(output).toBe(
    'configmap/a created\nconfigmap/b created\nError from server (AlreadyExists): error when creating "d/a.yaml": configmaps "a" already exists\nconfigmap/c created\n1\nconfigmap/a replaced\n1\nconfigmap "a" deleted from default namespace\nconfigmap "b" deleted from default namespace\n',
  );
});

test('[KUBECTL-13] describe shows an object with its events', () => {
  const cluster = fresh();
  const web = type(cluster, 'kubectl describe deployment web').output;
  expect(web).toMatch(
    /^Name: {19}web\nNamespace: {14}default\nCreationTimestamp: {6}Mon, 05 Jan 2026 \d\d:\d\d:\d\d \+0000\nLabels: {17}app=web\n/,
  );
  expect(web).toMatch(/\nReplicas: {15}2 desired \| 2 updated \| 2 total \| 2 available \| 0 unavailable\n/);
  expect(web).toMatch(/\nEvents:\n {2}Type {4}Reason {13}Age {3}From {19}Message\n[\s\S]*Scaled up replica set web-\w+ from 0 to 2\n$/);
  expect(type(cluster, 'kubectl describe pods -l app=web | grep -c "^Name:"').output).toBe('2\n');
  expect(type(cluster, 'kubectl describe svc web').output).toMatch(/\nEndpoints: {16}10\.244\.\d+\.\d+:80,10\.244\.\d+\.\d+:80\n/);
  expect(type(cluster, 'kubectl describe node node-1').output).toMatch(/\nNon-terminated Pods: {10}\(\d+ in total\)\n/);
});

test('[KUBECTL-14] the namespace comes from -n, or from the context', () => {
  const cluster = fresh();
  expect(
    type(
      cluster,
      'kubectl create ns team; kubectl config set-context --current --namespace=team; kubectl create cm a; kubectl get cm a -n default; kubectl -n team get cm a -o name',
    ).output,
  ).toBe(
    'namespace/team created\nContext "kube40" modified.\nconfigmap/a created\nError from server (NotFound): configmaps "a" not found\nconfigmap/a\n',
  );
});

test('[KUBECTL-15] without an API server the connection is refused', () => {
  const cluster = fresh();
  cluster.stopComponent('kube-apiserver');
  cluster.advance(60_000);
  expect(type(cluster, 'kubectl get pods')).toMatchObject({
    output: 'The connection to the server 172.18.0.2:6443 was refused - did you specify the right host or port?\n',
    exitCode: 1,
  });
});

test('[KUBECTL-16] a watch prints a row for each change until it is stopped', () => {
  const cluster = fresh();
  const { output } = type(
    cluster,
    '(kubectl get pods -w > out.txt) & sleep 1; kubectl delete pod -l app=web --wait=false >/dev/null; sleep 60; cat out.txt | wc -l',
  );
  expect(Number(output)).toBeGreaterThan(6);
});

test('[KUBECTL-17] api-resources, explain, version, cluster-info and config tell about the cluster', () => {
  const cluster = fresh();
  expect(type(cluster, 'kubectl api-resources | head -2').output).toMatch(
    /^NAME {14}SHORTNAMES {3}APIVERSION {15}NAMESPACED {3}KIND\nconfigmaps /,
  );
  expect(type(cluster, 'kubectl explain deploy.spec.replicas | head -4').output).toBe(
    'GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\n',
  );
  expect(type(cluster, 'kubectl explain pod.nope')).toMatchObject({ output: 'error: field "nope" does not exist\n', exitCode: 1 });
  expect(type(cluster, 'kubectl version').output).toBe('Client Version: v1.36.0\nKustomize Version: v5.8.1\nServer Version: v1.36.0\n');
  expect(type(cluster, 'kubectl cluster-info | head -1').output).toBe('Kubernetes control plane is running at https://172.18.0.2:6443\n');
  expect(type(cluster, 'kubectl config current-context').output).toBe('kube40\n');
  expect(type(cluster, 'kubectl events --for deployment/web | tail -1').output).toMatch(/Deployment\/web {3}Scaled up replica set/);
});
