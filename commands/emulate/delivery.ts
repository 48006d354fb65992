import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import { type PutEntries, type PutOutcome, UnreachableEndpoint } from './event-bridge.ts';
import type { Ledger } from './ledger.ts';

/** `sleep` resolves early, without an error, when the signal aborts. */
export type Clock = { now: () => number; sleep: (milliseconds: number, end: AbortSignal) => Promise<void> };

type Delivery = {
  entries: Iterable<TrafficEntry>;
  /** Entries per second. */
  rate: number;
  put: PutEntries;
  ledger: Ledger;
  clock: Clock;
  /** Stops early, but waits for requests in flight. */
  stop: AbortSignal;
};

const batchMaximum = 10;
const batchIntervalSeconds = 0.1;
/** Backpressure: with this many unanswered requests, sending pauses and catches up later. */
const requestsInFlightMaximum = 8;
/** With pauses that double from 200 ms this outlasts 25 seconds without the service, enough for a restart. */
const attemptsMaximum = 8;
const firstPauseMilliseconds = 200;

/** Errors that a retry cannot fix (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html). */
const finalFailures = new Set(
  `AccessDeniedException ExpiredTokenException InvalidAccountIdException InvalidArgument InvalidClientTokenId InvalidSignatureException
   MalformedDetail NotAuthorizedForDetailTypeException NotAuthorizedForSourceException RedactionFailure ResourceNotFoundException
   SerializationException UnrecognizedClientException ValidationException`.split(/\s+/),
);

/**
 * Sends the entries at the given rate, none before its time. Throws UnreachableEndpoint if the endpoint cannot be reached at the start, or
 * for half a minute later on.
 */
export async function deliver(delivery: Delivery): Promise<void> {
  const { rate, clock, entries, stop } = delivery;
  const failed = new AbortController();
  const end = AbortSignal.any([stop, failed.signal]);
  const inFlight = new Set<Promise<void>>();
  const startedAt = clock.now();
  let taken = 0;

  for (const batch of batchesOf(entries, rate)) {
    taken += batch.length;
    const pauseMilliseconds = startedAt + ((taken - 1) * 1_000) / rate - clock.now();
    if (pauseMilliseconds > 0) await clock.sleep(pauseMilliseconds, end);
    while (inFlight.size >= requestsInFlightMaximum) await Promise.race(inFlight);
    if (end.aborted) break;

    const request = deliverBatch(batch, { ...delivery, stop: end })
      .catch((error: unknown) => failed.abort(error))
      .finally(() => inFlight.delete(request));
    inFlight.add(request);
  }
  await Promise.all(inFlight);
  failed.signal.throwIfAborted();
}

/** A tenth of a second's entries at a time, so that slow traffic is not delayed and fast traffic fills its requests. */
function* batchesOf(entries: Iterable<TrafficEntry>, rate: number): Generator<TrafficEntry[]> {
  const size = Math.min(batchMaximum, Math.max(1, Math.round(rate * batchIntervalSeconds)));
  let batch: TrafficEntry[] = [];
  for (const entry of entries) {
    batch.push(entry);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

async function deliverBatch(batch: TrafficEntry[], { put, ledger, clock, stop }: Delivery): Promise<void> {
  let remaining = batch;
  for (let attempt = 1; remaining.length > 0; attempt++) {
    const isLast = attempt === attemptsMaximum || stop.aborted;
    const isStart = ledger.totals().accepted === 0;
    const outcomes = await put(remaining).catch((error: unknown) => unreachableOutcomes(error, remaining, isLast || isStart));
    remaining = remaining.filter((entry, index) => settle(entry, outcomes[index] ?? noResult, { ledger, isLast }) === 'again');
    if (remaining.length > 0) await clock.sleep(firstPauseMilliseconds * 2 ** (attempt - 1), stop);
  }
}

function settle(entry: TrafficEntry, outcome: PutOutcome, { ledger, isLast }: { ledger: Ledger; isLast: boolean }): 'settled' | 'again' {
  if ('eventId' in outcome) ledger.accept(entry, outcome.eventId);
  else if (isLast || finalFailures.has(outcome.failure.code)) ledger.fail(entry, outcome.failure);
  else return 'again';
  return 'settled';
}

const noResult: PutOutcome = { failure: { code: 'NoResult', message: 'PutEvents said nothing about the entry' } };

/** A restarting service is worth a retry, but only once it has accepted something. */
function unreachableOutcomes(error: unknown, entries: TrafficEntry[], giveUp: boolean): PutOutcome[] {
  if (giveUp || !(error instanceof UnreachableEndpoint)) throw error;
  return entries.map(() => ({ failure: { code: error.name, message: error.message } }));
}
