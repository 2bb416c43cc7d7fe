import { defineImage, tagsOf } from './define-image.ts';
import { busyboxUserland } from './userland/userlands.ts';

const files = Object.freeze({ '/bin/': '', '/home/': '', '/usr/': '' });
const userland = busyboxUserland();
const tags = tagsOf(
  { latest: 2.2, '1.36': 2.2, '1.35': 2.1, '1.34': 2.1, '1.28': 0.7 },
  {
    '1': 'latest',
    '1.37': 'latest',
    stable: '1.36',
    musl: 'latest',
    glibc: 'latest',
    '1.36.1': '1.36',
    '1.28.4': '1.28',
    '1.37.0': 'latest',
  },
);

/** busybox: a shell and small tools. Without a command its shell ends at once, because it has no terminal. */
export const busybox = defineImage({
  repository: 'docker.io/library/busybox',
  tags,
  cmd: ['sh'],
  files: () => files,
  userland,
  usage: { cpuMillis: 0, memoryMiB: 1 },
});

/** The copy that Kubernetes' own examples use. */
export const kubernetesBusybox = defineImage({
  repository: 'registry.k8s.io/busybox',
  tags: tagsOf({ latest: 1.1 }, { '1.27': 'latest', '1.24': 'latest', '1.27.2': 'latest' }),
  cmd: ['sh'],
  files: () => files,
  userland,
  usage: { cpuMillis: 0, memoryMiB: 1 },
});
