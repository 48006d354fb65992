import { describe, expect, test } from 'vitest';
import { type Claim, type Delivery, Throttled } from '../../src/channels/delivery.ts';
import type { SendResult } from '../../src/schemas/message.ts';
import type { WorkflowName } from '../../src/schemas/workflow.ts';
import { runToTheEnd } from '../builders/durable-run.ts';
import { inTurn, START, storyIn, type World } from '../builders/story-world.ts';
import { entriesOf, PINNED_HISTORIES, said } from './pinned-histories.ts';

const BREAKS_RUNS =
  'A run in flight is replayed against the code that is deployed while it waits: steps that have been taken keep their names, kinds and order. New ones go behind the last, or into a new workflow.';

/** Tells a story to its end: what it did in which order, what it ended as, how often it was entered, and what was handed over. */
async function tell(workflow: WorkflowName, world: World = {}) {
  const { story, sent } = storyIn(workflow, world);
  return { ...(await runToTheEnd(story, START)), sent };
}

describe('what each workflow does, in order', () => {
  test.each(PINNED_HISTORIES)('%s %s', async (workflow, _case, world, history, result, sent) => {
    const told = await tell(workflow, world);
    expect(told.history, BREAKS_RUNS).toEqual(['step start-run', ...history, 'step finish-run']);
    expect(told).toMatchObject({ status: 'SUCCEEDED', result, sent });
    // The function leaves at each wait and is entered anew, so what it did before was replayed.
    expect(told.entries).toBe(entriesOf(history));
  });
});

describe('a message', () => {
  const until = '2026-05-03T08:00:00.000Z';
  test('that is held waits, asks again and goes', async () => {
    const claim = inTurn<Claim>({ outcome: 'held', until, waitSeconds: 3_600 }, { outcome: 'claimed' });
    const told = await tell('rollover', { delivery: { claim } });
    const history = ['step open-episode', 'step claim-notice-sms', 'wait hold-notice-sms', ...said('notice-sms')];
    expect(told.history, BREAKS_RUNS).toEqual(['step start-run', ...history, 'step finish-run']);
    expect(told).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles is handed over again in the same step', async () => {
    const accepted: SendResult = { outcome: 'accepted', providerMessageId: 'provider-1' };
    const once = await tell('rollover', { delivery: { send: inTurn<SendResult>(new Throttled('Throttling'), accepted) } });
    expect(once.history, BREAKS_RUNS).toEqual(['step start-run', 'step open-episode', ...said('notice-sms'), 'step finish-run']);
    expect(once).toMatchObject({ result: { outcome: 'sent' }, sent: ['notice-sms'], entries: 2 });
  });

  test('that the carrier throttles for ever is given up in the end, and said to be', async () => {
    let attempts = 0;
    const send: Delivery['send'] = async () => {
      attempts += 1;
      throw new Throttled('Throttling');
    };
    const told = await tell('rollover', { delivery: { send } });
    expect(told).toMatchObject({ result: { outcome: 'not-sent', reason: 'throttled' }, sent: [] });
    expect(attempts).toBe(20);
  });

  test('whose sending fails otherwise is not handed over again', async () => {
    const told = await tell('rollover', { delivery: { send: inTurn<SendResult>(new Error('who knows')) } });
    expect(told).toMatchObject({ result: { outcome: 'unknown', reason: 'interrupted' }, sent: [], entries: 1 });
  });
});

test('a story that is begun too late says nothing', async () => {
  const told = await tell('welcome', { isStale: true });
  expect(told.history, BREAKS_RUNS).toEqual(['step start-run', 'step finish-run']);
  expect(told).toMatchObject({ result: { outcome: 'stale' }, sent: [] });
});
