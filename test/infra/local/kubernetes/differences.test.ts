import { describe, expect, it } from 'vitest';
import { differences } from '../../../cluster/differential/differences.ts';

const rule =
  'Forbidden: pod updates may not change fields other than `spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
const dump = '\n@@ -42,7 +42,7 @@\n- "NodeName": "",\n+ "NodeName": "n",\n';
const line = (message: string, field = 'spec') => ({
  request: 'PUT pod',
  answer: { code: 422, body: { details: { causes: [{ field, message }] } } },
});

describe('differences', () => {
  it('compares a refused Pod update up to the dump of internal types', () => {
    expect(differences([line(rule)], [line(rule + dump)])).toEqual([]);
  });

  it('sees what differs before the dump, and beside it', () => {
    const other = rule.replace('Forbidden', 'Invalid');
    expect(differences([line(other)], [line(rule + dump)])).toHaveLength(1);
    expect(differences([line(rule, 'spec.x')], [line(rule + dump)])).toEqual([
      '0 PUT pod  body.details.causes[0].field: "spec.x" | "spec"',
    ]);
  });

  it('takes a dump for none elsewhere', () => {
    expect(differences([line('no')], [line(`no${dump}`)])).toHaveLength(1);
  });
});
