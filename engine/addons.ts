import type { Client } from './client/client.ts';
import type { ClusterSpec } from './cluster-spec.ts';
import { daemonSet } from './kinds/apps/daemon-set.ts';
import { deployment } from './kinds/apps/deployment.ts';
import { configMap } from './kinds/core/config-map.ts';
import { service } from './kinds/core/service.ts';
import { serviceAccount } from './kinds/core/service-account.ts';
import type { V1PodSpec } from './schema/generated/models.ts';

/** Tags of the images that come with a release. Kubernetes: cmd/kubeadm/app/constants (1.36). */
export const componentTags = { etcd: '3.6.6-0', coredns: 'v1.14.1', pause: '3.10.1', kindnetd: 'v20250512-df8de77b' } as const;

const home = 'kube-system';

/** Installs what `kubeadm init` and a network plugin add to a new cluster: kube-proxy, CoreDNS, kindnet. */
export function installAddons(client: Client, spec: ClusterSpec): void {
  for (const name of ['coredns', 'kube-proxy', 'kindnet']) client.create(serviceAccount, { metadata: { name, namespace: home } });
  client.create(configMap, {
    metadata: { name: 'kube-proxy', namespace: home, labels: { app: 'kube-proxy' } },
    data: { 'config.conf': proxyConfig(spec) },
  });
  client.create(configMap, { metadata: { name: 'coredns', namespace: home }, data: { Corefile: corefile(spec) } });
  client.create(service, {
    metadata: {
      name: 'kube-dns',
      namespace: home,
      annotations: { 'prometheus.io/port': '9153', 'prometheus.io/scrape': 'true' },
      labels: { 'k8s-app': 'kube-dns', 'kubernetes.io/cluster-service': 'true', 'kubernetes.io/name': 'CoreDNS' },
    },
    spec: {
      clusterIP: spec.clusterDns,
      selector: { 'k8s-app': 'kube-dns' },
      ports: [
        { name: 'dns', port: 53, protocol: 'UDP', targetPort: 53 },
        { name: 'dns-tcp', port: 53, protocol: 'TCP', targetPort: 53 },
        { name: 'metrics', port: 9153, protocol: 'TCP', targetPort: 9153 },
      ],
    },
  });
  client.create(daemonSet, daemon('kube-proxy', 'kube-proxy', proxyPod(spec)));
  client.create(daemonSet, daemon('kindnet', 'kindnet', networkPod()));
  client.create(deployment, {
    metadata: { name: 'coredns', namespace: home, labels: { 'k8s-app': 'kube-dns' } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: { metadata: { labels: { 'k8s-app': 'kube-dns' } }, spec: dnsPod() },
    },
  });
}

function daemon(name: string, label: string, spec: V1PodSpec): Parameters<typeof daemonSet.validate>[0] {
  return {
    metadata: { name, namespace: home, labels: { 'k8s-app': label } },
    spec: {
      selector: { matchLabels: { 'k8s-app': label } },
      updateStrategy: { type: 'RollingUpdate' },
      template: { metadata: { labels: { 'k8s-app': label } }, spec },
    },
  };
}

function proxyPod({ version }: ClusterSpec): V1PodSpec {
  return {
    hostNetwork: true,
    serviceAccountName: 'kube-proxy',
    priorityClassName: 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name: 'kube-proxy',
        image: `registry.k8s.io/kube-proxy:v${version}`,
        command: ['/usr/local/bin/kube-proxy', '--config=/var/lib/kube-proxy/config.conf', '--hostname-override=$(NODE_NAME)'],
        env: [{ name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } }],
        volumeMounts: [{ name: 'kube-proxy', mountPath: '/var/lib/kube-proxy' }],
      },
    ],
    volumes: [{ name: 'kube-proxy', configMap: { name: 'kube-proxy' } }],
  };
}

function networkPod(): V1PodSpec {
  return {
    hostNetwork: true,
    serviceAccountName: 'kindnet',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name: 'kindnet-cni',
        image: `docker.io/kindest/kindnetd:${componentTags.kindnetd}`,
        resources: { requests: { cpu: '100m', memory: '50Mi' }, limits: { cpu: '100m', memory: '50Mi' } },
        env: [
          { name: 'HOST_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } },
          { name: 'POD_IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        ],
        volumeMounts: [{ name: 'cni-cfg', mountPath: '/etc/cni/net.d' }],
      },
    ],
    volumes: [{ name: 'cni-cfg', hostPath: { path: '/etc/cni/net.d' } }],
  };
}

function dnsPod(): V1PodSpec {
  return {
    serviceAccountName: 'coredns',
    priorityClassName: 'system-cluster-critical',
    dnsPolicy: 'Default',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [
      { key: 'CriticalAddonsOnly', operator: 'Exists' },
      { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' },
    ],
    containers: [
      {
        name: 'coredns',
        image: `registry.k8s.io/coredns/coredns:${componentTags.coredns}`,
        args: ['-conf', '/etc/coredns/Corefile'],
        resources: { limits: { memory: '170Mi' }, requests: { cpu: '100m', memory: '70Mi' } },
        ports: [
          { name: 'dns', containerPort: 53, protocol: 'UDP' },
          { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
          { name: 'metrics', containerPort: 9153, protocol: 'TCP' },
        ],
        livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 60, timeoutSeconds: 5, failureThreshold: 5 },
        readinessProbe: { httpGet: { path: '/ready', port: 8181 } },
        volumeMounts: [{ name: 'config-volume', mountPath: '/etc/coredns', readOnly: true }],
      },
    ],
    volumes: [{ name: 'config-volume', configMap: { name: 'coredns', items: [{ key: 'Corefile', path: 'Corefile' }] } }],
  };
}

function corefile({ clusterDomain }: ClusterSpec): string {
  return [
    '.:53 {',
    '    errors',
    '    health {',
    '       lameduck 5s',
    '    }',
    '    ready',
    `    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {`,
    '       pods insecure',
    '       fallthrough in-addr.arpa ip6.arpa',
    '       ttl 30',
    '    }',
    '    prometheus :9153',
    '    forward . /etc/resolv.conf {',
    '       max_concurrent 1000',
    '    }',
    '    cache 30',
    '    loop',
    '    reload',
    '    loadbalance',
    '}',
    '',
  ].join('\n');
}

function proxyConfig({ podCIDR }: ClusterSpec): string {
  return [
    'apiVersion: kubeproxy.config.k8s.io/v1alpha1',
    'kind: KubeProxyConfiguration',
    'bindAddress: 0.0.0.0',
    'clientConnection:',
    '  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf',
    `clusterCIDR: ${podCIDR}`,
    'mode: iptables',
    '',
  ].join('\n');
}
