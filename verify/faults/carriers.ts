import { createDefaultBus } from '../../local/event-bus/event-bus.ts';
import { emailEvent } from '../../local/receipts/email-event.ts';
import { smsDeliveryLog } from '../../local/receipts/sms-delivery-log.ts';
import { createRandom } from '../../tooling/traffic/random.ts';
import type { Harness } from './harness.ts';
import type { Mistake } from './mutations.ts';

export type CarrierWord = 'delivered' | 'failed';

/** The part of the carriers that sends receipts. */
export type Carriers = {
  /** By the carrier's message ID. */
  receipts: Map<string, CarrierWord>;
  /** Sends receipts for the emails since the last call, also before the service has recorded that it sent them. */
  reportMails(): void;
  /** Sends receipts for texts. Their log lines come once and minutes later, long after the service has recorded the sending. */
  reportTexts(): Promise<void>;
};

const DELIVERED_SHARE = 0.8;
const SILENT_SHARE = 0.1;
const REPEATED_SHARE = 0.2;
/** CloudWatch Logs delivers lines again after the function failed. */
const MAX_TRIES = 20;
/** It delivers lines of several streams at once. */
const LINES_AT_ONCE = 8;
const PLACE = { region: 'us-east-1', accountId: '000000000000' };

type SentMessage = { messageId: string; tag: string | null; channel: string; recipient: string };

/** The same seed gives the n-th message the same receipt. */
export function createCarriers(harness: Harness, seed: number, mistake: Mistake | undefined): Carriers {
  const { state, stack, queues, functions, clock } = harness.parts;
  const receipts = new Map<string, CarrierWord>();
  const publish = createDefaultBus({ stack, queues });
  const select = state.db.prepare(
    'SELECT messageId, tag, channel, recipient FROM outbox WHERE channel = ? AND position > ? ORDER BY position',
  );
  const last = state.db.prepare('SELECT coalesce(max(position), 0) AS position FROM outbox');
  const event: Record<string, number> = { email: 0, sms: 0 };

  /** The receipts for messages since the last call; some messages never get one. */
  function* words(channel: 'email' | 'sms'): Generator<{ message: SentMessage; word: CarrierWord; times: number }> {
    const messages = select.all(channel, event[channel] ?? 0) as unknown as SentMessage[];
    event[channel] = Number(last.get()?.position);
    const random = createRandom(`${seed}/carriers/${channel}/${messages.length}`);
    for (const message of messages) {
      if (random.chance(SILENT_SHARE)) continue;
      const word = random.chance(DELIVERED_SHARE) ? 'delivered' : 'failed';
      receipts.set(message.messageId, word);
      const meant = mistake?.(message, messages) ?? message;
      yield { message: meant, word, times: random.chance(REPEATED_SHARE) ? 2 : 1 };
    }
  }

  function* logLines(): Generator<Parameters<typeof smsDeliveryLog>[0]> {
    for (const { message, word, times } of words('sms')) {
      const kind = word === 'delivered' ? 'sms-delivered' : 'sms-failed';
      const line = {
        kind,
        providerMessageId: message.messageId,
        to: message.recipient,
        words: undefined,
        at: clock.now(),
        ...PLACE,
      } as const;
      for (let time = 0; time < times; time++) yield line;
    }
  }

  return {
    receipts,
    reportMails() {
      for (const { message, word, times } of words('email')) {
        const kind = word === 'delivered' ? 'email-delivered' : 'email-bounced';
        const event = {
          kind,
          providerMessageId: message.messageId,
          tag: message.tag ?? '',
          to: message.recipient,
          bounceType: 'Transient',
          at: clock.now(),
          ...PLACE,
        } as const;
        for (let time = 0; time < times; time++) publish(emailEvent(event));
      }
    },
    async reportTexts() {
      const lines = logLines();
      const report = async () => {
        for (const line of lines) await deliver(() => functions.invoke('record-sms-receipts', smsDeliveryLog(line)));
      };
      await Promise.all(Array.from({ length: LINES_AT_ONCE }, report));
    },
  };
}

async function deliver(invoke: () => Promise<{ ok: boolean }>): Promise<void> {
  for (let attempt = 1; !(await invoke()).ok; attempt++) {
    if (attempt === MAX_TRIES) throw new Error(`The function of SMS receipts failed ${MAX_TRIES} times in a row.`);
  }
}
