import { proveDay } from './prove-day.case.ts';

proveDay('day-05-architecture');
