import type { Network } from '../network/network.ts';
import type { DeviceContext } from '../sim/device.ts';
import type { Sandbox, SandboxAnswer, SandboxConfig } from './container-runtime.ts';
import type { RuntimeState, SandboxRecord } from './runtime-state.ts';

/** The sandboxes of one node: who has which address, and which host ports lead to whom. */
export class SandboxStore {
  readonly #device: DeviceContext<RuntimeState>;
  readonly #node: string;
  readonly #network: Network;

  constructor(device: DeviceContext<RuntimeState>, node: string, network: Network) {
    this.#device = device;
    this.#node = node;
    this.#network = network;
  }

  create(id: string, config: SandboxConfig): SandboxAnswer {
    const { state, now } = this.#device;
    const { uid, name, namespace, hostname, hostNetwork, attempt, hostPorts } = config;
    const address = hostNetwork ? this.#network.node(this.#node)?.address : this.#network.allocate(this.#node, config);
    if (address === undefined) {
      const because =
        'plugin type="ptp" name="kindnet" failed (add): failed to allocate for range 0: no IP addresses available in range set';
      return { kind: 'failed', message: `rpc error: code = Unknown desc = failed to setup network for sandbox "${id}": ${because}` };
    }
    const identity = { id, podUid: uid, podName: name, podNamespace: namespace, hostname, hostNetwork, address, attempt };
    const sandbox: SandboxRecord = { ...identity, createdAtMs: now, state: 'ready', volumes: new Map(), containers: [], hostPorts };
    state.sandboxes.set(id, sandbox);
    const known = state.byPod.get(uid);
    if (known) known.push(id);
    else state.byPod.set(uid, [id]);
    for (const { hostPort, containerPort, protocol } of hostPorts) {
      state.forwards.set(`${hostPort}/${protocol}`, `${address}:${containerPort}/${protocol}`);
    }
    return { kind: 'ready', sandbox };
  }

  /** Gives address and host ports back; what is left is for the logs. */
  release(sandbox: SandboxRecord): void {
    sandbox.state = 'notReady';
    if (!sandbox.hostNetwork) this.#network.release(sandbox.address);
    for (const { hostPort, protocol } of sandbox.hostPorts) this.#device.state.forwards.delete(`${hostPort}/${protocol}`);
  }

  remove({ id, podUid }: SandboxRecord): void {
    const { sandboxes, byPod } = this.#device.state;
    sandboxes.delete(id);
    const rest = (byPod.get(podUid) ?? []).filter((known) => known !== id);
    if (rest.length > 0) byPod.set(podUid, rest);
    else byPod.delete(podUid);
  }

  ofPod(podUid: string): readonly Sandbox[] {
    const { byPod, sandboxes } = this.#device.state;
    return (byPod.get(podUid) ?? []).map((id) => sandboxes.get(id) as Sandbox);
  }
}
