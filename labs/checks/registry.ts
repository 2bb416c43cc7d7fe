import type { AnyCheckKind } from '#labs/sdk';
import { absentCheck } from './absent.ts';
import { answerCheck } from './answer.ts';
import { allCheck, anyCheck } from './combine.ts';
import { componentCheck } from './component.ts';
import { conditionCheck } from './condition.ts';
import { countCheck } from './count.ts';
import { dnsCheck } from './dns.ts';
import { eventCheck } from './event.ts';
import { execCheck } from './exec.ts';
import { fileCheck } from './file.ts';
import { httpCheck } from './http.ts';
import { logCheck } from './log.ts';
import { objectCheck } from './object.ts';
import { orderCheck } from './order.ts';
import { scheduledOnCheck } from './scheduled-on.ts';
import { tcpCheck } from './tcp.ts';

/** The check kinds that the course brings. */
export const builtInChecks: readonly AnyCheckKind[] = [
  objectCheck,
  countCheck,
  conditionCheck,
  absentCheck,
  eventCheck,
  scheduledOnCheck,
  httpCheck,
  tcpCheck,
  dnsCheck,
  execCheck,
  logCheck,
  orderCheck,
  answerCheck,
  fileCheck,
  componentCheck,
  allCheck,
  anyCheck,
];
