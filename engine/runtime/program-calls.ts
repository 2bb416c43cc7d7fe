import type { Exchange, Outcome } from '../images/exchange.ts';
import type { ImageProgram, ProgramContext } from '../images/image-program.ts';

const reset: Outcome = Object.freeze({ kind: 'failed', failure: 'reset' });

/** Hands a program what came in on one of its sockets. A program that does not speak the protocol closes the connection. */
export function exchangeWith(
  program: ImageProgram,
  context: ProgramContext,
  { port, clientAddress, exchange }: { readonly port: number; readonly clientAddress: string; readonly exchange: Exchange },
): Outcome {
  switch (exchange.kind) {
    case 'http': {
      if (!program.http) return reset;
      const { method, path, headers, body } = exchange;
      return { kind: 'http', response: program.http(context, { method, path, headers, body, port, clientAddress }) };
    }
    case 'tcp':
      return { kind: 'tcp', data: program.tcp?.(context, { port, data: exchange.data, clientAddress }) ?? '' };
    case 'dns':
      return program.dns ? { kind: 'dns', answer: program.dns(context, exchange.question) } : reset;
  }
}

/** runc's words for a command that is not there. */
export function missingExecutable(executable: string): string {
  return executable.includes('/')
    ? `exec: "${executable}": stat ${executable}: no such file or directory`
    : `exec: "${executable}": executable file not found in $PATH`;
}
