import { hostPorts } from '../node-info.ts';
import { fits, rejected, type SchedulerPlugin, stateKey } from '../plugin.ts';

const wantedPorts = stateKey<readonly string[]>('NodePorts/wanted');

/** Keeps pods off nodes where a host port that they need is taken. Kubernetes: plugins/nodeports (1.36). */
export const nodePorts: SchedulerPlugin = {
  name: 'NodePorts',
  requeueOn: [{ on: 'Pod/deleted' }, { on: 'Node/added' }],
  preFilter(state, pod) {
    const ports = hostPorts(pod);
    if (ports.length === 0) return { kind: 'skip' };
    state.write(wantedPorts, ports);
    return { kind: 'run' };
  },
  filter(state, _pod, { ports }) {
    const isTaken = (state.read(wantedPorts) ?? []).some((wanted) => conflicts(wanted, ports));
    return isTaken ? rejected("node(s) didn't have free ports for the requested pod ports", { preemptible: true }) : fits;
  },
};

/** The wildcard address meets every other one. */
function conflicts(wanted: string, used: ReadonlyMap<string, number>): boolean {
  if (used.size === 0) return false;
  const [protocol, address, port] = wanted.split('/');
  if (address !== '0.0.0.0') return used.has(wanted) || used.has(`${protocol}/0.0.0.0/${port}`);
  for (const each of used.keys()) if (each.startsWith(`${protocol}/`) && each.endsWith(`/${port}`)) return true;
  return false;
}
