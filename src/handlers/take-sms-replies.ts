import { chooseTemplate } from '../channels/message-text.ts';
import { renderReply } from '../channels/reply-text.ts';
import { openSmsChannel, type SmsChannel } from '../channels/sms.ts';
import { type ReplyWord, readReplyWord } from '../rules/opt-out-words.ts';
import { queueHandler } from '../runtime/queue.ts';
import { settings } from '../runtime/settings.ts';
import { NO_TENANT } from '../schemas/quarantined-event.ts';
import { SmsReply } from '../schemas/sms-reply.ts';
import { claimAnswer, settleAnswer } from '../store/answers.ts';
import { type Configurations, openConfigurations } from '../store/configurations.ts';
import { setConsent } from '../store/consents.ts';
import { findProfile } from '../store/profiles.ts';
import { findSubscribers, type Subscriber } from '../store/subscribers.ts';
import { openTable, type Table } from '../store/table.ts';

/** United States: a confirmation within five minutes is taken to be under the consent that was just revoked (47 CFR 64.1200(a)(12)). */
const ANSWERED_WITHIN_MILLISECONDS = 5 * 60_000;

const SAID = { stop: 'stopped', start: 'started', help: 'help' } as const;

export type RepliesDependencies = { table: Table; configurations: Configurations; sms: SmsChannel; now: () => number };

/**
 * Takes the texts that subscribers send. A word to stop withdraws consent to service and marketing texts, a word to start gives service
 * texts back (marketing has to be agreed to anew), and both, like a word for help, are answered at most once.
 */
export function createHandler(deps: RepliesDependencies) {
  return queueHandler(
    'take-sms-replies',
    async ({ body, sentAt }) => {
      const reply = readBody(body);
      if (!reply) return { tenant: NO_TENANT, type: 'Invalid', outcome: 'invalid' };
      const word = readReplyWord(reply.messageBody);
      if (!word) return { tenant: NO_TENANT, type: 'other', outcome: 'ignored' };
      const subscribers = await findSubscribers(deps.table, reply);
      const [first] = subscribers;
      if (!first) return { tenant: NO_TENANT, type: word, outcome: 'unmatched' };
      for (const subscriber of subscribers) await heed(deps.table, subscriber, { word, at: sentAt });
      return { tenant: first.tenant, type: word, outcome: await answer(deps, first, { reply, word, sentAt }) };
    },
    'replies',
  );
}

function readBody(body: string): SmsReply | undefined {
  try {
    return SmsReply.safeParse(JSON.parse(body)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function heed(table: Table, subscriber: Subscriber, { word, at }: { word: ReplyWord; at: number }): Promise<void> {
  const said = { channel: 'sms' as const, source: `sms-${word}`, at: new Date(at).toISOString() };
  if (word === 'stop') {
    await setConsent(table, subscriber, { class: 'marketing', given: false, ...said });
    await setConsent(table, subscriber, { class: 'service', given: false, ...said });
  }
  if (word === 'start') await setConsent(table, subscriber, { class: 'service', given: true, ...said });
}

type Answered = 'answered' | 'not-answered' | 'repeated' | 'too-late' | 'no-template';

async function answer(
  { table, configurations, sms, now }: RepliesDependencies,
  { tenant, account }: Subscriber,
  { reply, word, sentAt }: { reply: SmsReply; word: ReplyWord; sentAt: number },
): Promise<Answered> {
  if (now() - sentAt > ANSWERED_WITHIN_MILLISECONDS) return 'too-late';
  const [published, profile] = await Promise.all([configurations.current(tenant), findProfile(table, tenant, account)]);
  const chosen = published && chooseTemplate('sms-reply.sms', published, profile);
  if (!published || !chosen) return 'no-template';
  if ((await claimAnswer(table, reply.inboundMessageId, { tenant, word }, now())) === 'already-done') return 'repeated';
  const text = renderReply(chosen.template, { brand: published.configuration.name, reply: SAID[word] });
  const result = await sms.send({ to: reply.originationNumber, text, senderId: undefined, messageClass: chosen.template.class });
  // There is no later: an answer that is not given within minutes is not given.
  const settled = result.outcome === 'throttled' ? { ...result, outcome: 'failed' as const } : result;
  await settleAnswer(table, reply.inboundMessageId, settled, now());
  return result.outcome === 'accepted' ? 'answered' : 'not-answered';
}

function liveDependencies(): RepliesDependencies {
  const table = openTable(settings().tableName);
  const now = () => Date.now();
  return { table, configurations: openConfigurations(table, now), sms: openSmsChannel(), now };
}

export const handler = createHandler(liveDependencies());
