import type { ControllerDefinition } from '../../client/controller.ts';
import type { CloudProvider } from '../provider.ts';
import { cloudNodeController } from './cloud-node.ts';
import { cloudNodeLifecycleController } from './cloud-node-lifecycle.ts';
import { serviceLoadBalancerController } from './service-load-balancer.ts';

/** The control loops of the cloud controller manager. Kubernetes: cloud-provider/app (1.36). */
export function cloudControllers(cloud: CloudProvider): readonly ControllerDefinition[] {
  return [erase(cloudNodeController(cloud)), cloudNodeLifecycleController(cloud), erase(serviceLoadBalancerController(cloud))];
}

/** Each controller knows the type of its own state; the manager that holds them does not need it. */
function erase<S extends object>(definition: ControllerDefinition<S>): ControllerDefinition {
  return definition as unknown as ControllerDefinition;
}
