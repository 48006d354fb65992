import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/pause-marketing.ts';
import { isMarketingPaused, liftMarketingPause, readMarketingPauses } from '../../src/messaging/marketing-pauses.ts';
import { lambdaContext, loggedLines, sqsEvent } from '../builders/lambda.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const RANG = '2026-05-01T08:00:00Z';
const ALARM = 'totogi-notifications-prod-email-bounce-rate';
const TENANT = 'mvno-example';

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

const alarm = (time: string) =>
  JSON.stringify({
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    time,
    detail: { alarmName: ALARM, state: { value: 'ALARM' }, previousState: { value: 'OK' } },
  });
async function ring(body: string) {
  const { result, lines } = await loggedLines(() => createHandler(database)(sqsEvent([body], Date.parse(RANG)), lambdaContext()));
  return { result, outcome: lines.find((line) => '_aws' in line)?.outcome };
}
const NOTHING_FAILED = { batchItemFailures: [] };

describe('an alarm', () => {
  test('stops all marketing, since it rang, however often its event comes', async () => {
    expect(await ring(alarm(RANG))).toEqual({ result: NOTHING_FAILED, outcome: 'paused' });
    expect(await ring(alarm(RANG))).toEqual({ result: NOTHING_FAILED, outcome: 'repeated' });
    expect(await isMarketingPaused(database.table, TENANT)).toBe(true);
    const { ofAll } = await readMarketingPauses(database.table, TENANT);
    expect(ofAll).toEqual({
      state: 'paused',
      cause: 'alarm',
      by: ALARM,
      reason: `The alarm ${ALARM} rang.`,
      pausedAt: '2026-05-01T08:00:00.000Z',
    });
  });

  test('that rang before the stop was lifted does not bring it back, and a later one stops again', async () => {
    await liftMarketingPause(database.table, '-', { by: 'somebody', at: Date.parse('2026-05-01T09:00:00Z') });
    expect(await ring(alarm(RANG))).toEqual({ result: NOTHING_FAILED, outcome: 'lifted-since' });
    expect(await isMarketingPaused(database.table, TENANT)).toBe(false);
    expect(await ring(alarm('2026-05-01T10:00:00Z'))).toEqual({ result: NOTHING_FAILED, outcome: 'paused' });
    expect(await isMarketingPaused(database.table, TENANT)).toBe(true);
  });

  test.each(['', '{}', alarm('yesterday')])('that cannot be read (%j) comes again: nobody else would know of it', async (body) => {
    expect((await ring(body)).result.batchItemFailures).toHaveLength(1);
  });
});
