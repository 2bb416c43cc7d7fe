import { defineImage, exitOnStop } from './define-image.ts';
import type { DnsAnswer } from './exchange.ts';
import { httpReply } from './http-reply.ts';
import type { ImageProgram } from './image-program.ts';

const component = 'coredns';
const nothing: DnsAnswer = Object.freeze({ rcode: 'SERVFAIL', records: [] });

/** CoreDNS: answers come from the process that follows Services and EndpointSlices; the container is where they are asked for. */
const corednsProgram: ImageProgram = {
  initialState: () => ({}),
  start(p) {
    const config = p.argv[p.argv.indexOf('-conf') + 1] ?? '/etc/coredns/Corefile';
    const corefile = p.files.read(config);
    const problem = corefile === undefined ? undefined : problemOf(corefile);
    if (problem !== undefined) {
      p.log(problem);
      p.exit(1);
      return;
    }
    for (const port of [53, 9153, 8080, 8181]) p.listen(port);
    p.listen(53, 'UDP');
    p.log('.:53');
    p.log('CoreDNS-1.14.1');
  },
  onRunning(p, running) {
    if (running) p.components.start(component, p.node);
    else p.components.stop(component, p.node);
  },
  onSignal: exitOnStop,
  http: (p, request) => {
    if (request.path === '/health') return httpReply(200, 'OK');
    return request.path === '/ready' && p.components.isRunning(component, p.node) ? httpReply(200, 'OK') : httpReply(503, 'kubernetes');
  },
  tcp: () => '',
  dns: (p, question) => p.records.resolve(question) ?? nothing,
};

/** The first unbalanced brace; the rest of the language is not checked. */
function problemOf(corefile: string): string | undefined {
  let depth = 0;
  for (const character of corefile) {
    if (character === '{') depth++;
    if (character === '}') depth--;
    if (depth < 0) break;
  }
  return depth === 0
    ? undefined
    : `/etc/coredns/Corefile:${corefile.split('\n').length} - Error during parsing: Unexpected EOF, expecting closing brace`;
}

export const coredns = defineImage({
  repository: 'registry.k8s.io/coredns/coredns',
  tags: 'any',
  sizeBytes: 22_400_000,
  entrypoint: ['/coredns'],
  programs: { '/coredns': corednsProgram },
  usage: { cpuMillis: 3, memoryMiB: 16 },
});
