import { proveDay } from './prove-day.case.ts';

proveDay('day-09-services');
