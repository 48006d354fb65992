import { describe, expect, test } from 'vitest';
import type { AttemptResult } from '../../src/messaging/carriers/single-attempt.ts';
import type { Channel } from '../../src/schemas/message/channel.ts';
import { acceptance, answers, openCarrier, pointAt, refusal } from './carrier.ts';

/** A channel as the contract sees it. `send` hands a message to `to` over; `timeoutMilliseconds` is how long an answer is waited for. */
export type ChannelUnderTest = {
  channel: Channel;
  to: string;
  send(timeoutMilliseconds?: number): Promise<AttemptResult>;
  /** One channel, by which several messages go. */
  open(): () => Promise<AttemptResult>;
};

/** What every channel keeps to, shown against carriers over HTTP: whatever they answer, and whatever crashes when. */
export function keepsTheContract({ channel, to, send, open }: ChannelUnderTest): void {
  describe(`the contract of channels, kept by ${channel}`, () => {
    test('an accepted message has the id that the carrier gave it, and was handed over once', async () => {
      const asked = await openCarrier(channel, acceptance(channel, 'm-1'));
      expect(await send()).toEqual({ outcome: 'accepted', providerMessageId: 'm-1' });
      expect(asked).toHaveLength(1);
    });

    test.each([
      [400, 'Throttling', 'throttled'],
      [400, 'ThrottlingException', 'throttled'],
      [429, 'TooManyRequestsException', 'throttled'],
      [429, 'SlowDown', 'throttled'],
      [400, 'ValidationError', 'failed'],
      [403, 'AccessDenied', 'failed'],
      [408, 'RequestTimeout', 'unknown'],
      [500, 'InternalFailure', 'unknown'],
      [503, 'ServiceUnavailable', 'unknown'],
      [503, 'Throttling', 'unknown'],
    ])('an answer of %d %s is %s after one attempt, and its reason names nobody', async (status, code, outcome) => {
      const asked = await openCarrier(channel, refusal(status, code, to));
      expect(await send()).toEqual({ outcome, reason: code });
      expect(asked).toHaveLength(1);
    });

    test.each([
      ['without an id', '<PublishResponse><PublishResult/></PublishResponse>'],
      ['that nobody can read', '<Publish'],
      ['that is empty', ''],
    ])('an acceptance %s is unknown', async (_what, body) => {
      const asked = await openCarrier(channel, answers(200, body));
      expect(await send()).toMatchObject({ outcome: 'unknown' });
      expect(asked).toHaveLength(1);
    });

    test('a connection that breaks off, and an answer that does not come, are unknown', async () => {
      const broken = await openCarrier(channel, (response) => response.destroy());
      expect(await send()).toMatchObject({ outcome: 'unknown' });
      const silent = await openCarrier(channel, () => undefined);
      // Long enough for the request to reach a carrier on a busy machine.
      expect(await send(500)).toEqual({ outcome: 'unknown', reason: 'TimeoutError' });
      expect([broken.length, silent.length]).toEqual([1, 1]);
    });

    test('a carrier that cannot be reached has sent nothing, and may be tried again', async () => {
      pointAt(channel, 1);
      expect(await send()).toEqual({ outcome: 'unreachable', reason: 'ECONNREFUSED' });
    });

    test('each message has a connection of its own, so that none breaks off because an old one had been closed', async () => {
      const connections = new Set<number | undefined>();
      await openCarrier(channel, (response) => {
        connections.add(response.socket?.remotePort);
        acceptance(channel, 'm-1')(response);
      });
      const sendAgain = open();
      for (const _message of [1, 2]) await sendAgain();
      expect(connections.size).toBe(2);
    });
  });
}
