import { describe, expect, test } from 'vitest';
import { type Claim, type Delivery, Throttled } from '../../src/messaging/delivery.ts';
import type { SendResult } from '../../src/schemas/message/message.ts';
import type { WorkflowName } from '../../src/schemas/run/workflow.ts';
import { runToTheEnd } from '../builders/durable-run.ts';
import { inTurn, START, type World, workflowIn } from '../builders/workflow-world.ts';
import { entriesOf, messageSteps, PINNED_HISTORIES } from './pinned-histories.ts';

const BREAKS_RUNS =
  'A run in flight is replayed against the code that is deployed while it waits: steps that have been taken keep their names, kinds and order. New ones go behind the last, or into a new workflow.';

/** Tells a run to its end: what it did in which order, what it ended as, how often it was entered, and what was handed over. */
async function run(workflow: WorkflowName, world: World = {}) {
  const { handler, sent } = workflowIn(workflow, world);
  return { ...(await runToTheEnd(handler, START)), sent };
}

describe('what each workflow does, in order', () => {
  test.each(PINNED_HISTORIES)('%s %s', async (workflow, _case, world, history, result, sent) => {
    const finished = await run(workflow, world);
    expect(finished.history, BREAKS_RUNS).toEqual(['step start-run', ...history, 'step finish-run']);
    expect(finished).toMatchObject({ status: 'SUCCEEDED', result, sent });
    // The function leaves at each wait and is entered again, so what it did before was replayed.
    expect(finished.entries).toBe(entriesOf(history));
  });
});

describe('a message', () => {
  const until = '2026-05-03T08:00:00.000Z';
  test('that is held waits, asks again and goes', async () => {
    const claim = inTurn<Claim>({ outcome: 'held', until, waitSeconds: 3_600 }, { outcome: 'claimed' });
    const finished = await run('rollover', { delivery: { claim } });
    const history = ['step open-episode', 'step claim-notice-sms', 'wait hold-notice-sms', ...messageSteps('notice-sms')];
    expect(finished.history, BREAKS_RUNS).toEqual(['step start-run', ...history, 'step finish-run']);
    expect(finished).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles is sent again in the same step', async () => {
    const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };
    const once = await run('rollover', { delivery: { send: inTurn<SendResult>(new Throttled('Throttling'), accepted) } });
    expect(once.history, BREAKS_RUNS).toEqual(['step start-run', 'step open-episode', ...messageSteps('notice-sms'), 'step finish-run']);
    expect(once).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles for ever is given up in the end, and said to be', async () => {
    let attempts = 0;
    const send: Delivery['send'] = async () => {
      attempts += 1;
      throw new Throttled('Throttling');
    };
    const finished = await run('rollover', { delivery: { send } });
    expect(finished).toMatchObject({ result: { outcome: 'not-sent', reason: 'throttled' }, sent: [] });
    expect(attempts).toBe(20);
  });

  test('whose sending fails otherwise is not sent again', async () => {
    const finished = await run('rollover', { delivery: { send: inTurn<SendResult>(new Error('who knows')) } });
    expect(finished).toMatchObject({ result: { outcome: 'unknown', reason: 'interrupted' }, sent: [], entries: 1 });
  });
});

test('a run that is started too late says nothing', async () => {
  const finished = await run('welcome', { isStale: true });
  expect(finished.history, BREAKS_RUNS).toEqual(['step start-run', 'step finish-run']);
  expect(finished).toMatchObject({ result: { outcome: 'stale' }, sent: [] });
});
