import { createApiClient } from '../client/api-client.ts';
import type { Client } from '../client/client.ts';
import type { ControllerDefinition } from '../client/controller.ts';
import { controllerManager } from '../client/controller-host.ts';
import type { ProcessDefinition } from '../client/process.ts';
import { ClusterCore, type CoreState, coreState } from '../cluster-core.ts';
import type { Millis } from '../sim/simulation.ts';
import { ensureApiServerObjects } from '../system-objects.ts';

/** Monday, 5 January 2026, 09:00 UTC. */
export const testStartMs: Millis = 1_767_603_600_000;

export interface TestCore {
  readonly core: ClusterCore;
  /** A user with every right. */
  readonly client: Client;
  /** Runs everything that is due until only periodic work is left, at most `withinMs` of virtual time. */
  settle(withinMs?: Millis): void;
  advance(ms: Millis): void;
  /** Runs one process beside the API server. */
  run<S extends object>(definition: ProcessDefinition<S>): void;
  /** Runs controllers in a manager of their own. */
  runControllers(...controllers: readonly ControllerDefinition<never>[]): void;
}

/** A cluster without nodes for tests of single components: clock, etcd, API server, processes. The API answers from the first moment. */
export function createCore(options: { readonly seed?: number; readonly state?: CoreState } = {}): TestCore {
  const core = new ClusterCore(options.state ?? coreState(options.seed ?? 1, testStartMs), { serviceCIDR: '10.96.0.0/12' });
  const client = createApiClient(core.api, { name: 'kubernetes-admin', groups: ['system:masters'] }, 'kubernetes-admin');
  if (!options.state) {
    core.onApiUp(() => ensureApiServerObjects(client, { serviceIP: '10.96.0.1', addresses: ['172.18.0.2'] }));
    core.setStorageUp(true);
    core.setServing(true);
  }
  const runUntil = (untilMs: Millis, isDone: () => boolean): void => {
    for (let next = core.sim.peek(); next && next.due <= untilMs && !isDone(); next = core.sim.peek()) {
      const timer = core.sim.take();
      if (timer) core.dispatch(timer);
    }
  };
  return {
    core,
    client,
    settle: (withinMs = 3_600_000) => runUntil(core.sim.now + withinMs, () => core.sim.isSettled),
    advance(ms) {
      const untilMs = core.sim.now + ms;
      runUntil(untilMs, () => false);
      core.sim.skipTo(untilMs);
    },
    run(definition) {
      core.processes.define(definition);
      core.processes.start(definition.name);
    },
    runControllers(...controllers) {
      const definition = controllerManager({
        name: 'kube-controller-manager',
        user: 'system:kube-controller-manager',
        node: 'control-plane',
        controllers: controllers as unknown as readonly ControllerDefinition[],
        sim: core.sim,
        api: core.api,
      });
      core.processes.define(definition);
      core.processes.start(definition.name);
    },
  };
}
