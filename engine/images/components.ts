import { defineImage, exitOnStop } from './define-image.ts';
import type { HttpRequest, HttpResponse } from './exchange.ts';
import { httpReply } from './http-reply.ts';
import type { ImageDefinition, ImageProgram, ProgramContext } from './image-program.ts';

/** A component whose work is done elsewhere in the engine: its container only says whether it runs. */
interface ComponentSpec {
  readonly executable: string;
  readonly ports: readonly number[];
  /** The component's name; `kube-proxy/node-1` for one per node. */
  name(p: ProgramContext): string;
  readonly firstLine: string;
}

function componentProgram(spec: ComponentSpec): ImageProgram {
  return {
    initialState: () => ({}),
    start(p) {
      for (const port of spec.ports) p.listen(port);
      p.log(spec.firstLine, 'stderr');
    },
    onRunning(p, running) {
      if (running) p.components.start(spec.name(p), p.node);
      else p.components.stop(spec.name(p), p.node);
    },
    onSignal: exitOnStop,
    http: (p, request) => health(p, spec, request),
  };
}

function health(p: ProgramContext, spec: ComponentSpec, { path }: HttpRequest): HttpResponse {
  if (!/^\/(livez|readyz|healthz)/.test(path)) return httpReply(403, 'Forbidden\n');
  return p.components.isRunning(spec.name(p), p.node) ? httpReply(200, 'ok') : httpReply(500, 'component is not running');
}

function component(
  repository: string,
  tags: 'any',
  megabytes: number,
  spec: Omit<ComponentSpec, 'name'> & { readonly name?: ComponentSpec['name'] },
  memoryMiB: number,
): ImageDefinition {
  const program = componentProgram({ name: () => spec.executable, ...spec });
  return defineImage({
    repository,
    tags,
    sizeBytes: Math.round(megabytes * 1_000_000),
    entrypoint: [spec.executable],
    usage: { cpuMillis: 15, memoryMiB },
    programs: { [spec.executable]: program, [`/usr/local/bin/${spec.executable}`]: program },
  });
}

const registry = 'registry.k8s.io';

export const etcd = component(
  `${registry}/etcd`,
  'any',
  23.8,
  { executable: 'etcd', ports: [2379, 2380, 2381], firstLine: '{"level":"info","msg":"ready to serve client requests"}' },
  40,
);
export const kubeApiserver = component(
  `${registry}/kube-apiserver`,
  'any',
  27.6,
  {
    executable: 'kube-apiserver',
    ports: [6443],
    firstLine: 'I0105 09:00:00.000000       1 secure_serving.go:211] Serving securely on [::]:6443',
  },
  240,
);
export const kubeScheduler = component(
  `${registry}/kube-scheduler`,
  'any',
  17.2,
  {
    executable: 'kube-scheduler',
    ports: [10259],
    firstLine: 'I0105 09:00:00.000000       1 secure_serving.go:211] Serving securely on 127.0.0.1:10259',
  },
  25,
);
export const kubeControllerManager = component(
  `${registry}/kube-controller-manager`,
  'any',
  23.1,
  {
    executable: 'kube-controller-manager',
    ports: [10257],
    firstLine: 'I0105 09:00:00.000000       1 secure_serving.go:211] Serving securely on 127.0.0.1:10257',
  },
  55,
);
export const cloudControllerManager = component(
  `${registry}/cloud-controller-manager`,
  'any',
  18.4,
  {
    executable: 'cloud-controller-manager',
    ports: [10258],
    firstLine: 'I0105 09:00:00.000000       1 secure_serving.go:211] Serving securely on 127.0.0.1:10258',
  },
  30,
);
export const kubeProxy = component(
  `${registry}/kube-proxy`,
  'any',
  25.9,
  {
    executable: 'kube-proxy',
    ports: [10256, 10249],
    name: (p) => `kube-proxy/${p.node}`,
    firstLine: 'I0105 09:00:00.000000       1 server_linux.go:132] "Using iptables Proxier"',
  },
  18,
);

const cniFile = '/etc/cni/net.d/10-kindnet.conflist';
const cniConfig =
  '{\n  "cniVersion": "0.3.1",\n  "name": "kindnet",\n  "plugins": [{ "type": "ptp", "ipam": { "type": "host-local" } }, { "type": "portmap" }]\n}\n';

/** The node's network daemon: leaves the configuration that tells the kubelet that pods can have a network. */
const kindnetProgram: ImageProgram = {
  initialState: () => ({}),
  start(p) {
    p.log('I0105 09:00:00.000000       1 main.go:43] probe TCP address', 'stderr');
    p.files.write(cniFile, cniConfig);
  },
  onSignal: exitOnStop,
};

export const kindnetd = defineImage({
  repository: 'docker.io/kindest/kindnetd',
  tags: 'any',
  sizeBytes: 38_900_000,
  entrypoint: ['/bin/kindnetd'],
  programs: { '/bin/kindnetd': kindnetProgram },
  usage: { cpuMillis: 2, memoryMiB: 12 },
});
