import { z } from 'zod';

export const idSchema = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'an id has small letters, digits and hyphens')
  .max(60);

export const ckaDomains = [
  'Cluster Architecture, Installation & Configuration',
  'Workloads & Scheduling',
  'Services & Networking',
  'Storage',
  'Troubleshooting',
] as const;

export const daySchema = z
  .strictObject({
    id: idSchema.describe('Equal to the name of the folder: `day-05-architecture`. Never changes once students have used it.'),
    day: z.int().min(1).max(40).describe('Its number in the course.'),
    title: z.string().min(3).max(80).describe('What the day is about.'),
    summary: z.string().min(20).max(400).describe('Two or three sentences for the map and the top of the page.'),
    objectives: z.array(z.string().min(10)).min(2).max(8).describe('What the student can do afterwards; each begins with a verb.'),
    prerequisites: z.array(idSchema).default([]).describe('Ids of days that should be done before.'),
    minutes: z.int().min(5).max(240).describe('Minutes for reading and answering, without the labs.'),
    cka: z.array(z.enum(ckaDomains)).default([]).describe('Domains of the CKA exam that the day belongs to.'),
    status: z.enum(['draft', 'beta', 'active']).describe('`draft` is announced but not shown; `beta` and `active` are shown.'),
    labs: z.array(idSchema).min(1).describe('The folders of the labs, in order; the core lab first.'),
  })
  .describe('A day of the course.');

export type DayFile = z.infer<typeof daySchema>;
