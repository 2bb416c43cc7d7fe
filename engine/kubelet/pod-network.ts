import type { ResolverConfig } from '../network/network.ts';
import type { Sandbox } from '../runtime/container-runtime.ts';
import type { V1Pod } from '../schema/generated/models.ts';

export interface ClusterDns {
  readonly address: string;
  readonly domain: string;
}

/** How a pod resolves names, by its dnsPolicy and dnsConfig. Kubernetes: pkg/kubelet/network/dns (1.36). */
export function resolverOf(pod: V1Pod, sandbox: Sandbox, dns: ClusterDns): ResolverConfig {
  const { spec, metadata } = pod;
  const policy = spec?.dnsPolicy ?? 'ClusterFirst';
  const usesCluster = policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && !sandbox.hostNetwork);
  const options = new Map((spec?.dnsConfig?.options ?? []).map(({ name, value }) => [name ?? '', value ?? '']));
  return {
    nameservers: [...new Set([...(usesCluster ? [dns.address] : []), ...(spec?.dnsConfig?.nameservers ?? [])])],
    search: [
      ...new Set([
        ...(usesCluster ? [`${metadata?.namespace}.svc.${dns.domain}`, `svc.${dns.domain}`, dns.domain] : []),
        ...(spec?.dnsConfig?.searches ?? []),
      ]),
    ],
    ndots: Number(options.get('ndots') ?? (usesCluster ? 5 : 1)),
    hosts: hostsOf(pod, sandbox),
  };
}

function hostsOf({ spec }: V1Pod, sandbox: Sandbox): Readonly<Record<string, string>> {
  const hosts: Record<string, string> = { [sandbox.hostname]: sandbox.address };
  for (const { ip, hostnames } of spec?.hostAliases ?? []) for (const name of hostnames ?? []) hosts[name] = ip;
  return hosts;
}

/** The files that the kubelet and the runtime put into every container. */
export function networkFiles(pod: V1Pod, sandbox: Sandbox, resolver: ResolverConfig): Readonly<Record<string, string>> {
  const hosts = [
    '# Kubernetes-managed hosts file.',
    '127.0.0.1\tlocalhost',
    '::1\tlocalhost ip6-localhost ip6-loopback',
    'fe00::0\tip6-localnet',
    'fe00::0\tip6-mcastprefix',
    'fe00::1\tip6-allnodes',
    'fe00::2\tip6-allrouters',
    `${sandbox.address}\t${sandbox.hostname}`,
  ];
  const aliases = pod.spec?.hostAliases ?? [];
  if (aliases.length > 0)
    hosts.push('', '# Entries added by HostAliases.', ...aliases.map(({ ip, hostnames }) => [ip, ...(hostnames ?? [])].join('\t')));
  const search = resolver.search.length > 0 ? [`search ${resolver.search.join(' ')}`] : [];
  const servers = resolver.nameservers.map((address) => `nameserver ${address}`);
  return Object.freeze({
    hosts: `${hosts.join('\n')}\n`,
    'resolv.conf': `${[...search, ...servers, `options ndots:${resolver.ndots}`].join('\n')}\n`,
    hostname: `${sandbox.hostname}\n`,
  });
}

/** Pods are hosts named after themselves, unless they say otherwise. */
export function hostnameOf({ spec, metadata }: V1Pod, node: string): string {
  if (spec?.hostNetwork) return node;
  return spec?.hostname ?? (metadata?.name ?? '').slice(0, 63);
}
