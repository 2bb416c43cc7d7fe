import type { ControllerDefinition } from '../client/controller.ts';
import type { Heartbeats } from '../client/heartbeat.ts';
import type { AnyKind } from '../kinds/define-kind.ts';
import { daemonSetController } from './daemon-set.ts';
import { deploymentController } from './deployment.ts';
import { endpointSliceController } from './endpoint-slice.ts';
import { garbageCollector } from './garbage-collector.ts';
import { namespaceController } from './namespace.ts';
import { nodeIpamController, type PodNetwork } from './node-ipam.ts';
import { nodeLifecycleController } from './node-lifecycle.ts';
import { podGcController } from './pod-gc.ts';
import { replicaSetController } from './replica-set.ts';
import { rootCaPublisher } from './root-ca-publisher.ts';
import { serviceAccountController } from './service-account.ts';
import { taintEvictionController } from './taint-eviction.ts';

/** What control loops need to know of the cluster that they run in. */
export interface ControllerFacts {
  readonly kinds: readonly AnyKind[];
  readonly heartbeats: Pick<Heartbeats, 'isKeptAlive' | 'lastBeatMs'>;
  readonly podNetwork: PodNetwork;
  /** PEM of the cluster's certificate authority. */
  readonly rootCertificate: string;
}

// A controller's state is its own business; a list of controllers must forget its type.
function erase<S extends object>(definition: ControllerDefinition<S>): ControllerDefinition {
  return definition as unknown as ControllerDefinition;
}

/** All control loops of kube-controller-manager. Kubernetes: cmd/kube-controller-manager/app (1.36). */
export function builtInControllers({ kinds, heartbeats, podNetwork, rootCertificate }: ControllerFacts): readonly ControllerDefinition[] {
  return [
    erase(serviceAccountController),
    rootCaPublisher(rootCertificate),
    namespaceController(kinds),
    nodeIpamController(podNetwork),
    erase(nodeLifecycleController(heartbeats)),
    erase(taintEvictionController),
    erase(podGcController),
    erase(garbageCollector(kinds)),
    erase(deploymentController),
    erase(replicaSetController),
    erase(daemonSetController),
    erase(endpointSliceController),
  ];
}
