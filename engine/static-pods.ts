import { componentTags } from './addons.ts';
import type { ClusterSpec } from './cluster-spec.ts';

/** One control-plane component as kubeadm writes it to /etc/kubernetes/manifests. */
interface ComponentManifest {
  readonly name: string;
  readonly image: string;
  readonly cpu: string;
  readonly memory?: string;
  readonly probe: { readonly port: number; readonly scheme: 'HTTP' | 'HTTPS'; readonly live: string; readonly ready?: string };
  readonly command: readonly string[];
}

/** File name → YAML text of the control plane's static pods. Kubernetes: cmd/kubeadm/app/phases/controlplane (1.36). */
export function staticPodManifests(spec: ClusterSpec, nodeName: string, nodeAddress: string): ReadonlyMap<string, string> {
  const manifests = new Map<string, string>();
  for (const component of components(spec, nodeName, nodeAddress)) manifests.set(`${component.name}.yaml`, render(component));
  return manifests;
}

function etcd(nodeName: string, address: string): ComponentManifest {
  return {
    name: 'etcd',
    image: `registry.k8s.io/etcd:${componentTags.etcd}`,
    cpu: '100m',
    memory: '100Mi',
    probe: { port: 2381, scheme: 'HTTP', live: '/livez', ready: '/readyz' },
    command: [
      'etcd',
      `--advertise-client-urls=https://${address}:2379`,
      '--cert-file=/etc/kubernetes/pki/etcd/server.crt',
      '--client-cert-auth=true',
      '--data-dir=/var/lib/etcd',
      `--initial-advertise-peer-urls=https://${address}:2380`,
      `--initial-cluster=${nodeName}=https://${address}:2380`,
      '--key-file=/etc/kubernetes/pki/etcd/server.key',
      `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
      '--listen-metrics-urls=http://127.0.0.1:2381',
      `--listen-peer-urls=https://${address}:2380`,
      `--name=${nodeName}`,
      '--trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt',
    ],
  };
}

function components(spec: ClusterSpec, nodeName: string, address: string): readonly ComponentManifest[] {
  const image = (name: string): string => `registry.k8s.io/${name}:v${spec.version}`;
  const config = (name: string): string => `--kubeconfig=/etc/kubernetes/${name}.conf`;
  const list: ComponentManifest[] = [
    etcd(nodeName, address),
    {
      name: 'kube-apiserver',
      image: image('kube-apiserver'),
      cpu: '250m',
      probe: { port: 6443, scheme: 'HTTPS', live: '/livez', ready: '/readyz' },
      command: [
        'kube-apiserver',
        `--advertise-address=${address}`,
        '--allow-privileged=true',
        '--authorization-mode=AlwaysAllow',
        '--client-ca-file=/etc/kubernetes/pki/ca.crt',
        '--etcd-cafile=/etc/kubernetes/pki/etcd/ca.crt',
        '--etcd-servers=https://127.0.0.1:2379',
        '--secure-port=6443',
        `--service-cluster-ip-range=${spec.serviceCIDR}`,
        '--tls-cert-file=/etc/kubernetes/pki/apiserver.crt',
        '--tls-private-key-file=/etc/kubernetes/pki/apiserver.key',
      ],
    },
    {
      name: 'kube-controller-manager',
      image: image('kube-controller-manager'),
      cpu: '200m',
      probe: { port: 10257, scheme: 'HTTPS', live: '/healthz' },
      command: [
        'kube-controller-manager',
        '--allocate-node-cidrs=true',
        '--bind-address=127.0.0.1',
        `--cluster-cidr=${spec.podCIDR}`,
        '--controllers=*',
        config('controller-manager'),
        '--leader-elect=true',
        `--service-cluster-ip-range=${spec.serviceCIDR}`,
      ],
    },
    {
      name: 'kube-scheduler',
      image: image('kube-scheduler'),
      cpu: '100m',
      probe: { port: 10259, scheme: 'HTTPS', live: '/livez', ready: '/readyz' },
      command: ['kube-scheduler', '--bind-address=127.0.0.1', config('scheduler'), '--leader-elect=true'],
    },
  ];
  if (spec.cloud) {
    list.push({
      name: 'cloud-controller-manager',
      image: image('cloud-controller-manager'),
      cpu: '100m',
      probe: { port: 10258, scheme: 'HTTPS', live: '/healthz' },
      command: [
        'cloud-controller-manager',
        '--bind-address=127.0.0.1',
        '--cloud-provider=sim',
        config('cloud-controller-manager'),
        '--leader-elect=true',
      ],
    });
  }
  return list;
}

function render({ name, image, cpu, memory, probe, command }: ComponentManifest): string {
  const probeLines = (kind: string, path: string, extra: readonly string[]): string[] => [
    `    ${kind}:`,
    ...extra,
    '      httpGet:',
    '        host: 127.0.0.1',
    `        path: ${path}`,
    `        port: ${probe.port}`,
    `        scheme: ${probe.scheme}`,
    '      timeoutSeconds: 15',
  ];
  return [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  labels:',
    `    component: ${name}`,
    '    tier: control-plane',
    `  name: ${name}`,
    '  namespace: kube-system',
    'spec:',
    '  containers:',
    '  - command:',
    ...command.map((argument) => `    - ${argument}`),
    `    image: ${image}`,
    '    imagePullPolicy: IfNotPresent',
    ...probeLines('livenessProbe', probe.live, ['      failureThreshold: 8', '      initialDelaySeconds: 10', '      periodSeconds: 10']),
    `    name: ${name}`,
    ...(probe.ready ? probeLines('readinessProbe', probe.ready, ['      failureThreshold: 3', '      periodSeconds: 1']) : []),
    '    resources:',
    '      requests:',
    `        cpu: ${cpu}`,
    ...(memory ? [`        memory: ${memory}`] : []),
    ...probeLines('startupProbe', probe.ready ?? probe.live, [
      '      failureThreshold: 24',
      '      initialDelaySeconds: 10',
      '      periodSeconds: 10',
    ]),
    '  hostNetwork: true',
    '  priority: 2000001000',
    '  priorityClassName: system-node-critical',
    '',
  ].join('\n');
}
