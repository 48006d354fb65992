import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { digest } from '../platform/hash.ts';
import { HttpProblem } from '../platform/problem.ts';
import type { Table } from '../platform/table.ts';
import { isoTime } from '../platform/time.ts';
import { ulid } from '../platform/ulid.ts';
import { rangeTime } from '../schemas/api/range-time.ts';
import type { Replay, ReplayRequest } from '../schemas/operations/replay.ts';
import type { StartReplay } from './replay-executions.ts';
import { createReplay, findReplay, replayReply } from './replay-records.ts';
import { MAX_OPEN_REPLAYS, reserveReplaySlot } from './replay-slots.ts';

/** `now` is in milliseconds since the epoch. */
type Sources = { table: Table; startReplay: StartReplay; now: () => number };

/**
 * Starts a replay, or returns the one that the same idempotency key started.
 *
 * @throws HttpProblem 409 when the key was used for a different replay, or too many replays are open.
 */
export async function startReplay(
  { table, startReplay: startExecution, now }: Sources,
  { tenant, idempotencyKey }: { tenant: string; idempotencyKey: string | undefined },
  request: ReplayRequest,
): Promise<Replay> {
  const id = replayId(tenant, idempotencyKey, now());
  const asked = { ...request, from: isoTime(rangeTime(Date.parse(request.from))), to: isoTime(rangeTime(Date.parse(request.to))) };
  const isKnown = (await findReplay(table, tenant, id)) !== undefined;
  if (!isKnown && (await reserveReplaySlot(table, { tenant, id, at: now() })) === 'full') throw tooManyReplays();
  const { replay } = await createReplay(table, { ...asked, id, tenant, createdAt: isoTime(now()) });
  if (!isDeepStrictEqual(requestOf(replay), requestOf(asked)))
    throw new HttpProblem(409, 'This idempotency key was used for a different replay.');
  // Also for a known replay: an earlier request may have failed before it started the execution.
  if (replay.state !== 'done') await startExecution({ tenant, replay: id, part: 1 });
  return replayReply(replay);
}

/** @throws HttpProblem 404 when there is no such replay. */
export async function getReplay(table: Table, tenant: string, id: string): Promise<Replay> {
  const replay = await findReplay(table, tenant, id);
  if (!replay) throw new HttpProblem(404, 'No replay with this ID exists.');
  return replayReply(replay);
}

function tooManyReplays(): HttpProblem {
  const detail = `${MAX_OPEN_REPLAYS} replays are open, dry runs included, which is the most that a tenant may have. Wait until one is done.`;
  return new HttpProblem(409, detail);
}

/** Derived from the idempotency key when there is one, so that the same request is the same replay. */
function replayId(tenant: string, key: string | undefined, now: number): string {
  return key === undefined ? ulid(now, randomBytes(10)) : ulid(0, digest(JSON.stringify([tenant, key])));
}

function requestOf({ from, to, types, workflows, dryRun }: ReplayRequest): ReplayRequest {
  return { from, to, types, workflows, dryRun };
}
