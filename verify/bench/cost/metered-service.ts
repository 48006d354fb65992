import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LocalFunctions } from '../../../local/functions/functions.ts';
import type { InvocationOutcome } from '../../../local/functions/invocation.ts';
import { invocationOf } from '../../../local/functions/trace.ts';
import { sendReply } from '../../../local/http-server.ts';
import { parseCall } from '../../shared/aws-call.ts';
import { openAwsProxy } from '../../shared/aws-proxy.ts';
import { type ObservedService, startObserved } from '../../shared/observed-service.ts';
import { countCall, countConsumed, noUsage, saysWhatItConsumes, type Usage } from './usage.ts';

/** The service with a meter between its functions and AWS, which counts usage by function. */
export type MeteredService = Omit<ObservedService, 'put'> & {
  /** Since the last `forget`. */
  usageOf(functionKey: string): Usage;
  forget(): void;
  /** Takes an event as a queue message's text. */
  put(body: string): void;
  /** Runs until this time on the clock, or until every run has finished. */
  goOn(until?: number): Promise<void>;
};

const POLL_MILLISECONDS = 5;
const MAX_STEP_MILLISECONDS = 5 * 86_400_000;

export async function startMeteredService(log: (line: string) => void): Promise<MeteredService> {
  const usages = new Map<string, Usage>();
  const keys = new Map<string, string>();

  function usageOf(key: string): Usage {
    const usage = usages.get(key) ?? noUsage();
    usages.set(key, usage);
    return usage;
  }

  async function invoke(functions: LocalFunctions, key: string, event: unknown): Promise<InvocationOutcome> {
    const requestId = randomUUID();
    keys.set(requestId, key);
    usageOf(key).invocations += 1;
    const outcome = await functions.invoke(key, event, requestId);
    if (outcome.ok && isRun(event)) usageOf(key).durableBytes += Buffer.byteLength(JSON.stringify(outcome.payload));
    keys.delete(requestId);
    return outcome;
  }

  const proxy = await openAwsProxy(async (request, execute, response) => {
    const usage = usageOf(keys.get(invocationOf(request.headers) ?? '') ?? 'nobody');
    const call = parseCall(request);
    countCall(usage, call, request.body, usageOf);
    const isMeasured = saysWhatItConsumes(call);
    const asked = JSON.stringify({ ...call.item, ReturnConsumedCapacity: 'TOTAL' });
    const reply = await execute(isMeasured ? { ...request, body: Buffer.from(asked) } : request);
    if (isMeasured) countConsumed(usage, call, reply.body.toString('utf8'));
    sendReply(response, reply);
  });
  const around = (functions: LocalFunctions) => ({
    ...functions,
    invoke: (key: string, event: unknown) => invoke(functions, key, event),
  });
  const service = await startObserved({ proxy, around, log });
  return {
    ...service,
    usageOf,
    forget: () => usages.clear(),
    put(body) {
      const { source, 'detail-type': DetailType, time, detail } = JSON.parse(body);
      service.put([{ Source: source, DetailType, Time: Date.parse(time) / 1_000, Detail: JSON.stringify(detail) }]);
    },
    goOn: (until) => goOn(service, () => keys.size > 0, until),
  };
}

async function goOn({ parts: { clock }, schedule }: ObservedService, isAtWork: () => boolean, until: number | undefined): Promise<void> {
  for (;;) {
    do await pause(POLL_MILLISECONDS);
    while (isAtWork() || schedule.isDue());
    const isOver = until === undefined ? schedule.running() === 0 && schedule.waitingMessages() === 0 : clock.now() >= until;
    if (isOver) return;
    const most = until === undefined ? MAX_STEP_MILLISECONDS : until - clock.now();
    if (schedule.jumpToNext(1, most)) continue;
    if (until === undefined) throw new Error('A run waits for what never comes.');
    clock.advance(most / 1_000);
  }
}

function isRun(event: unknown): boolean {
  return typeof event === 'object' && event !== null && 'DurableExecutionArn' in event;
}
