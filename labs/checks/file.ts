import { z } from 'zod';
import { type CheckOutcome, defineCheck, fail, pass, readStudentFile } from '#labs/sdk';

const schema = z.strictObject({
  path: z.string().describe('Relative to /home/student.'),
  contains: z.string().optional().describe('A part of the text.'),
});

/** A file on the student's workstation. */
export const fileCheck = defineCheck({
  kind: 'file',
  schema: schema.describe("A file on the student's workstation."),
  isLive: true,
  literals: ({ path }) => [path],
  evaluate({ cluster }, { path, contains }): CheckOutcome {
    const text = readStudentFile(cluster, path);
    if (text === undefined) return fail({ expected: `the file ${path}`, actual: 'no such file', where: path });
    if (contains === undefined || text.includes(contains)) return pass;
    return fail({ expected: `${path} contains "${contains}"`, actual: text.slice(0, 80), where: path });
  },
});
