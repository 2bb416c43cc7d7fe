import { agnhost, goproxy } from './agnhost.ts';
import { alpine, curl } from './alpine.ts';
import { busybox, kubernetesBusybox } from './busybox.ts';
import { cloudControllerManager, etcd, kindnetd, kubeApiserver, kubeControllerManager, kubeProxy, kubeScheduler } from './components.ts';
import { coredns } from './coredns.ts';
import { httpd } from './httpd.ts';
import type { ImageDefinition } from './image-program.ts';
import { nginx } from './nginx.ts';
import { redis } from './redis.ts';
import { helloWorld, httpEcho, load, pause } from './small-images.ts';

/** Every image of the simulated world; labs add theirs behind these. */
export const builtInImages: readonly ImageDefinition[] = [
  nginx,
  httpd,
  redis,
  busybox,
  kubernetesBusybox,
  alpine,
  curl,
  agnhost,
  goproxy,
  pause,
  httpEcho,
  helloWorld,
  load,
  coredns,
  kubeProxy,
  kindnetd,
  etcd,
  kubeApiserver,
  kubeScheduler,
  kubeControllerManager,
  cloudControllerManager,
];
