import { expect, test } from 'vitest';
import { OUTAGES } from '../../../verify/faults/outage.ts';
import { drill } from '../../../verify/faults/prove.ts';
import { asMarkdown } from '../../../verify/faults/report.ts';

test.each(OUTAGES)(
  'an outage of the %s loses nothing, sends nothing twice, and is caught up with',
  { timeout: 120_000 },
  async (outage) => {
    const proof = await drill({ outage, hours: 1, events: 40, seed: 3, keep: false, log: () => undefined });
    expect(proof.checks.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    expect(proof.caughtUp).toMatchObject({ outage, hours: 1 });
    expect(Number(proof.caughtUp?.messages) + Number(proof.caughtUp?.runs)).toBeGreaterThan(0);
    expect(asMarkdown(proof)).toContain('# The ledgers close to zero');
  },
);
