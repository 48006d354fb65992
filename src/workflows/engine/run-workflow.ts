import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import { type Claim, type Delivery, NOT_PREPARED, NOT_SENT, type OutgoingMessage, THROTTLED } from '../../messaging/delivery.ts';
import type { SendResult } from '../../schemas/message/message.ts';
import type { RunOutcome, WorkflowName } from '../../schemas/run/workflow.ts';
import { WorkflowStart } from '../../schemas/run/workflow-start.ts';
import type { WorkflowDefinition } from '../define-workflow.ts';
import { retryTransient, sendOnce } from './retry-policies.ts';
import type { RunSteps, StartedRun } from './run-steps.ts';

export type WorkflowDependencies<Name extends WorkflowName> = { steps: RunSteps<Name>; delivery: Delivery };

export type WorkflowRun<Name extends WorkflowName> = StartedRun<Name> & {
  start: WorkflowStart;
  /** Claims a message, holds it while the send policy says so, attempts it at most once, and records the outcome. */
  sendMessage(message: MessageRequest, isStillTrue?: () => Promise<boolean>): Promise<RunOutcome>;
  /** Records these messages as merged: another event's message covers them. */
  merge(messages: [MessageRequest, ...MessageRequest[]], intoEventId: string): Promise<RunOutcome>;
  /** Waits until this many seconds after the event occurred. Returns false if that time has passed. */
  waitUntil(secondsAfterEvent: number, waitingFor: string): Promise<boolean>;
};

/** `step` is unique in its run. */
export type MessageRequest = Pick<OutgoingMessage, 'step' | 'channel' | 'kind' | 'template' | 'planEnds' | 'emptyReason'>;

/**
 * Runs a workflow for one event: starts the run, waits for the tenant's settle delay, runs the plot, and records the outcome.
 *
 * @param plot what the workflow does; it returns the outcome of the run.
 */
export function runWorkflow<Name extends WorkflowName>(
  { name: workflow, runsLate }: WorkflowDefinition & { name: Name },
  { steps, delivery }: WorkflowDependencies<Name>,
  plot: (run: WorkflowRun<Name>, context: DurableContext) => Promise<RunOutcome>,
) {
  return async (input: unknown, context: DurableContext): Promise<RunOutcome> => {
    const start = WorkflowStart.parse(input);
    const started = await context.step('start-run', () => steps.startRun(start), retryTransient);
    const owner = context.executionContext.durableExecutionArn;
    const sendingRun = { owner, configuration: started.configuration };
    const request = (message: MessageRequest): OutgoingMessage => ({ ...start, workflow, ...message });

    const run: WorkflowRun<Name> = {
      ...started,
      start,
      sendMessage: (message, isStillTrue) => sendMessage(context, delivery, { message: request(message), sendingRun, isStillTrue }),
      async merge(messages, intoEventId) {
        const mergeAll = async () => {
          for (const message of messages) await delivery.merge(request(message), sendingRun, intoEventId);
        };
        await context.step(`merge-${messages[0].step}`, mergeAll, retryTransient);
        return { outcome: 'merged', event: intoEventId };
      },
      async waitUntil(secondsAfterEvent, waitingFor) {
        const pause = await context.step(`record-${waitingFor}`, () => steps.pause(start, secondsAfterEvent, waitingFor), retryTransient);
        if (pause.seconds > 0) await context.wait(waitingFor, { seconds: pause.seconds });
        return pause.seconds > 0;
      },
    };

    const outcome: RunOutcome = run.isStale && !runsLate ? { outcome: 'stale' } : await runPlot(run, context, plot);
    await context.step('finish-run', () => steps.finishRun(start, outcome), retryTransient);
    if (outcome.outcome === 'failed') throw new Error(`The run of ${workflow} failed: ${outcome.reason ?? 'no reason given'}.`);
    return outcome;
  };
}

/** A step that failed for good ends the run: its record shows that before the execution fails and goes to the dead-letter queue. */
async function runPlot<Name extends WorkflowName>(
  run: WorkflowRun<Name>,
  context: DurableContext,
  plot: (run: WorkflowRun<Name>, context: DurableContext) => Promise<RunOutcome>,
): Promise<RunOutcome> {
  try {
    if (run.settings.waitSeconds > 0) await context.wait('settle-delay', { seconds: run.settings.waitSeconds });
    return await plot(run, context);
  } catch (error) {
    if (error instanceof DurableOperationError) return { outcome: 'failed', reason: error.errorType };
    throw error;
  }
}

type Sending = {
  message: OutgoingMessage;
  sendingRun: { owner: string; configuration: string };
  isStillTrue: (() => Promise<boolean>) | undefined;
};

async function sendMessage(
  context: DurableContext,
  delivery: Delivery,
  { message, sendingRun, isStillTrue }: Sending,
): Promise<RunOutcome> {
  const ask = () => context.step(`claim-${message.step}`, () => delivery.claim(message, sendingRun), retryTransient);
  let claim: Claim = await ask();
  while (claim.outcome === 'held') {
    await context.wait(`hold-${message.step}`, { seconds: claim.waitSeconds });
    if (isStillTrue && !(await context.step(`check-${message.step}`, isStillTrue, retryTransient))) {
      await context.step(`withdraw-${message.step}`, () => delivery.withdraw(message, sendingRun), retryTransient);
      return { outcome: 'not-sent', reason: 'obsolete' };
    }
    claim = await ask();
  }
  if (claim.outcome === 'not-sent') return { outcome: 'not-sent', reason: claim.reason };

  const result = await attemptSend(context, delivery, message);
  await context.step(`record-${message.step}`, () => delivery.finalize(message, result), retryTransient);
  if (result.outcome === 'accepted') return { outcome: 'sent' };
  return { outcome: result.outcome === 'failed' ? 'not-sent' : 'unknown', reason: result.reason };
}

/** The last attempt of a step that was always interrupted may have been sent: the outcome is unknown. */
async function attemptSend(context: DurableContext, delivery: Delivery, message: OutgoingMessage): Promise<SendResult> {
  try {
    return await context.step(`send-${message.step}`, () => delivery.send(message), sendOnce);
  } catch (error) {
    if (!(error instanceof DurableOperationError)) throw error;
    if (error.cause?.name === THROTTLED) return { outcome: 'failed', reason: 'throttled' };
    if (error.cause?.name === NOT_PREPARED) return { outcome: 'failed', reason: 'not-prepared' };
    const nothingWent = error.cause?.name === NOT_SENT;
    return nothingWent ? { outcome: 'failed', reason: 'not-attempted' } : { outcome: 'unknown', reason: 'interrupted' };
  }
}

/** The outcome of several messages with one meaning: `sent` if one was sent, else the most uncertain. */
export function together(outcomes: RunOutcome[]): RunOutcome {
  const withOutcome = (outcome: RunOutcome['outcome']) => outcomes.find((candidate) => candidate.outcome === outcome);
  return withOutcome('sent') ?? withOutcome('unknown') ?? outcomes[0] ?? { outcome: 'not-sent' };
}
