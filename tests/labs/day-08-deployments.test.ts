import { proveDay } from './prove-day.case.ts';

proveDay('day-08-deployments');
