import { z } from 'zod';
import { applyManifests, type Cluster, studentHome } from '#engine';
import { readSource, resolveUrl } from './endpoint.ts';
import { findPods } from './find-objects.ts';

const component = z.strictObject({
  name: z.string().describe('A component, e.g. `kube-scheduler`, `etcd`, `kubelet`, `kube-proxy`, `coredns`.'),
  node: z.string().optional().describe('Its node, for what runs on every node. Without it: the control plane, or all nodes for a daemon.'),
});
const podChoice = z.strictObject({
  namespace: z.string().default('default').describe('Namespace of the pods.'),
  selector: z.string().optional().describe('Label selector, as `kubectl get -l` takes it.'),
  name: z.string().optional().describe('One pod by its name.'),
  count: z.int().min(1).default(1).describe('How many of the matching pods, by name.'),
});

/** What can be done to a cluster from outside of it. Each action has exactly one key. */
const actionKeys = {
  run: z.string().describe("A script, typed into the student's own shell."),
  apply: z.string().describe('Manifests, applied as `kubectl apply -f` does.'),
  writeFile: z
    .strictObject({ path: z.string().describe('Relative to /home/student.'), text: z.string().describe('The whole text of the file.') })
    .describe("Saves a file in the student's editor."),
  deletePod: podChoice.describe('Deletes pods through the API.'),
  killContainer: podChoice
    .extend({ container: z.string().optional().describe('Its name in the pod; the first one when absent.') })
    .describe("Ends a container's process with SIGKILL, as the lever in the cluster view does."),
  stopNode: z.string().describe('Cuts the power of a node.'),
  startNode: z.string().describe('Gives the node its power back.'),
  drain: z.string().describe('Drains a node: `kubectl drain --ignore-daemonsets --force`.'),
  requests: z
    .strictObject({
      url: z
        .string()
        .describe(
          `E.g. "http://172.18.0.3:30080/"; "\${nodePort/NAME}", "\${clusterIP/NAME}" and "\${loadBalancer/NAME}" stand for what the Service of that name has.`,
        ),
      from: z.string().default('outside').describe('`outside`, `node/NAME` or `pod/NAMESPACE/NAME`.'),
      count: z.int().min(1).max(2000).default(20).describe('How many requests.'),
    })
    .describe('Sends requests, as the lever in the cluster view does.'),
  advance: z
    .string()
    .regex(/^\d+(s|m|h)$/, 'write a duration as 30s, 5m or 1h')
    .describe('Lets virtual time pass: `30s`, `5m`, `1h`.'),
  stopComponent: component.describe('Stops a component and keeps it stopped.'),
  startComponent: component.describe('Starts a component again.'),
} as const;

export const actionSchema = z
  .strictObject(actionKeys)
  .partial()
  .refine((action) => Object.keys(action).length === 1, {
    error: `an action has exactly one of the keys ${Object.keys(actionKeys).join(', ')}`,
  })
  .describe('One thing that is done to the cluster.');
export type Action = z.infer<typeof actionSchema>;

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

export function durationMs(text: string): number {
  return Number(text.slice(0, -1)) * units[text.slice(-1) as keyof typeof units];
}

/** How an action lets time pass: a grader counts events, a lab run watches its milestones. */
export type Advance = (ms: number) => void;

/** Does one thing to a cluster. A text says why it could not be done. */
export function performAction(cluster: Cluster, action: Action, advance: Advance): string | undefined {
  if (action.run !== undefined) return runScript(cluster, action.run, advance);
  if (action.apply !== undefined) {
    const { problems } = applyManifests(cluster.terminals.host, action.apply, { namespace: 'default', source: 'the lab' });
    return problems[0]?.message;
  }
  if (action.writeFile) return writeStudentFile(cluster, action.writeFile.path, action.writeFile.text);
  if (action.advance !== undefined) advance(durationMs(action.advance));
  if (action.stopComponent) cluster.stopComponent(action.stopComponent.name, action.stopComponent.node);
  if (action.startComponent) cluster.startComponent(action.startComponent.name, action.startComponent.node);
  if (action.stopNode !== undefined && !cluster.powerOffNode(action.stopNode)) return `there is no node "${action.stopNode}" with power`;
  if (action.startNode !== undefined && !cluster.powerOnNode(action.startNode))
    return `there is no node "${action.startNode}" without power`;
  if (action.drain !== undefined)
    return runScript(cluster, `kubectl drain ${action.drain} --ignore-daemonsets --force --delete-emptydir-data`, advance);
  if (action.deletePod) return deletePods(cluster, action.deletePod);
  if (action.killContainer) return killContainers(cluster, action.killContainer);
  if (action.requests) return sendRequests(cluster, action.requests);
  return undefined;
}

/** Puts a text where the student's editor and terminal see it, with the folders above. */
export function writeStudentFile(cluster: Cluster, path: string, text: string): string | undefined {
  const { files } = cluster.terminals;
  const parts = path.split('/');
  for (let length = 1; length < parts.length; length++) files.makeDirectory(`${studentHome}/${parts.slice(0, length).join('/')}`);
  const problem = files.write(`${studentHome}/${path}`, text);
  return problem && `${path}: ${problem}`;
}

function runScript(cluster: Cluster, script: string, advance: Advance): string | undefined {
  const { output, exitCode } = cluster.terminals.run(script, advance);
  return exitCode === 0 ? undefined : `the script ended with ${exitCode}: ${output.trim().split('\n').slice(-3).join(' / ')}`;
}

function deletePods(cluster: Cluster, { count, ...query }: z.infer<typeof podChoice>): string | undefined {
  const pods = findPods(cluster, query).slice(0, count);
  const kind = cluster.api.kinds.findName('pod');
  for (const { metadata } of pods) if (kind) cluster.client('grader').remove(kind, metadata?.namespace ?? '', metadata?.name ?? '');
  return pods.length === 0 ? 'there is no pod to delete' : undefined;
}

function killContainers(
  cluster: Cluster,
  { count, container, ...query }: z.infer<typeof podChoice> & { readonly container?: string | undefined },
): string | undefined {
  const pods = findPods(cluster, query).slice(0, count);
  const killed = pods.filter(({ metadata, spec }) =>
    cluster.killContainer(metadata?.namespace ?? '', metadata?.name ?? '', container ?? spec?.containers[0]?.name ?? ''),
  );
  return killed.length === 0 ? 'there is no running container to kill' : undefined;
}

function sendRequests(
  cluster: Cluster,
  { url, from, count }: { readonly url: string; readonly from: string; readonly count: number },
): string | undefined {
  const target = resolveUrl(cluster, url);
  if (typeof target === 'string') return target;
  const { host, port, path } = target;
  for (let i = 0; i < count; i++) {
    cluster.send({
      from: readSource(from),
      host,
      port,
      exchange: { kind: 'http', method: 'GET', path, headers: { Host: host, 'User-Agent': 'curl/8.14.1' }, body: '' },
      withoutHops: true,
    });
  }
  return undefined;
}

export function readStudentFile(cluster: Cluster, path: string): string | undefined {
  return cluster.terminals.files.read(`${studentHome}/${path}`);
}
