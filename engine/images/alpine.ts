import { defineImage, tagsOf } from './define-image.ts';
import { alpineUserland, busyboxUserland } from './userland/userlands.ts';

const files = Object.freeze({ '/bin/': '', '/home/': '', '/usr/': '', '/etc/alpine-release': '3.23.2\n' });

/** Alpine Linux: busybox's tools. */
export const alpine = defineImage({
  repository: 'docker.io/library/alpine',
  tags: tagsOf(
    { latest: 3.9, '3.20': 3.6, '3.19': 3.4 },
    { '3': 'latest', '3.23': 'latest', '3.22': 'latest', '3.21': 'latest', edge: 'latest' },
  ),
  cmd: ['/bin/sh'],
  files: () => files,
  userland: busyboxUserland(),
  usage: { cpuMillis: 0, memoryMiB: 1 },
});

/** curl in a container. */
export const curl = defineImage({
  repository: 'docker.io/curlimages/curl',
  tags: tagsOf({ latest: 10.1 }, { '8.17.0': 'latest', '8.16.0': 'latest' }),
  entrypoint: ['curl'],
  cmd: ['--help'],
  user: '100',
  files: () => files,
  userland: alpineUserland(),
  usage: { cpuMillis: 0, memoryMiB: 1 },
});
