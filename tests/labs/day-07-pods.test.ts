import { proveDay } from './prove-day.case.ts';

proveDay('day-07-pods');
