import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { listTenantEvents } from '../../../src/ingest/event-lists.ts';
import { listQuarantine } from '../../../src/ingest/quarantine.ts';
import { entryOf, fixtureEvents } from '../../../test/builders/fixture-events.ts';
import { sqsEvent } from '../../../test/builders/lambda.ts';
import type { Claims } from '../suite.ts';
import type { RuntimeEnvironment } from './environment.ts';

const TENANT = 'mvno-aurora';
const UNCONFIGURED = 'mvno-elsewhere';
const LARGEST_BATCH = 10;
/** An earlier time of occurrence makes it a different event. */
const EARLIER_MILLISECONDS = 1_000;

const Answer = z.object({
  ok: z.literal(true),
  payload: z.object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })) }),
});

type Body = { file: string; body: string; isValid: boolean };

/** Good, bad and partial batches through consume-notifications, cold and warm, and the records that each must leave. */
export async function claimBatches(claims: Claims, { functions, table, setOutage }: RuntimeEnvironment): Promise<void> {
  const failuresOf = async (bodies: string[]): Promise<string[] | undefined> => {
    const outcome = await functions.invoke('consume-notifications', sqsEvent(bodies, Date.now()));
    return Answer.safeParse(outcome).data?.payload.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  };
  const claimBatch = async (what: string, bodies: string[], wanted: string[]) => {
    const failures = await failuresOf(bodies);
    claims.claim(String(failures) === String(wanted) && failures !== undefined, `${what}: failed were ${failures}, not ${wanted}`);
  };
  const samples = sampleBodies(TENANT, 0);
  const good = samples.filter(({ isValid }) => isValid).map(({ body }) => body);
  const bad = samples.filter(({ isValid }) => !isValid).map(({ body }) => body);
  await claimBatch('a good batch, cold', good.slice(0, LARGEST_BATCH), []);
  await claimBatch('a good batch, warm', good.slice(LARGEST_BATCH), []);
  await claimBatch('a batch of repeats', good.slice(0, LARGEST_BATCH), []);
  await claimBatch('a bad batch', [...bad, 'no JSON', '{}'], []);

  // While no run can start, an event that starts none succeeds, and one that starts a workflow is retried.
  const low = (tenant: string) =>
    sampleBodies(tenant, EARLIER_MILLISECONDS).find(({ file }) => file === 'counter-voice-low.json')?.body ?? '';
  const starting = low(TENANT);
  setOutage(true);
  await claimBatch('a partial batch', [low(UNCONFIGURED), starting, 'no JSON at all'], ['message-1']);
  setOutage(false);
  await claimBatch('what failed, once more', [starting], []);

  const list = { limit: 100, descending: false };
  const recorded = (await listTenantEvents(table, { ...list, tenant: TENANT, accepts: () => true })).entries.length;
  const quarantined = (await listQuarantine(table, { ...list, tenant: TENANT })).entries.length;
  claims.claim(recorded === good.length + 1, `${recorded} events are on record, not ${good.length + 1}`);
  claims.claim(quarantined === bad.length, `${quarantined} events are in quarantine, not ${bad.length}`);
}

/** The sample events as queue messages, with times in the past. */
function sampleBodies(tenant: string, millisecondsAgo: number): Body[] {
  return fixtureEvents.map((fixture) => {
    const entry = entryOf(fixture, Date.now() - Date.parse(fixture.time) - millisecondsAgo);
    const envelope = { version: '0', id: randomUUID(), 'detail-type': entry.DetailType, source: entry.Source, account: '266643203619' };
    const event = { ...envelope, time: entry.Time, region: 'us-east-1', resources: [], detail: JSON.parse(entry.Detail ?? '') };
    return { file: fixture.file, body: JSON.stringify(event).replaceAll(TENANT, tenant), isValid: !fixture.file.startsWith('invalid-') };
  });
}
