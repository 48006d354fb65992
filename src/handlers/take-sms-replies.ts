import { createConfigurations } from '../configuration/configurations.ts';
import { createSmsChannel } from '../messaging/carriers/sms.ts';
import type { AnswerSources } from '../messaging/replies/answer-reply.ts';
import { applyKeyword } from '../messaging/replies/apply-keyword.ts';
import { parseReplyKeyword } from '../messaging/replies/opt-out-keywords.ts';
import { findSubscribers } from '../messaging/replies/subscribers.ts';
import { acceptByText } from '../offers/accept-by-text.ts';
import { type CompleteCallback, createCallbacks } from '../offers/callbacks.ts';
import { parseJson } from '../platform/parse-json.ts';
import { queueHandler } from '../platform/queue.ts';
import { UNKNOWN_TENANT } from '../platform/reserved-tenants.ts';
import { readSettings } from '../platform/settings.ts';
import { createTableClient } from '../platform/table.ts';
import { SmsReply } from '../schemas/message/sms-reply.ts';

export type RepliesDependencies = AnswerSources & { completeCallback: CompleteCallback };

/**
 * Handles texts from subscribers: STOP, START and HELP change consent and are answered, YES accepts the newest open offer of the sender.
 * Everything else is ignored.
 */
export function createHandler(deps: RepliesDependencies) {
  return queueHandler(
    'take-sms-replies',
    async ({ body, sentAt }) => {
      const reply = parseBody(body);
      if (!reply) return { tenant: UNKNOWN_TENANT, type: 'Invalid', outcome: 'invalid' };
      const { messageBody, inboundMessageId } = reply;
      const word = parseReplyKeyword(messageBody);
      if (!word) return { tenant: UNKNOWN_TENANT, type: 'other', outcome: 'ignored' };
      const meant = await findSubscribers(deps.table, reply, word);
      const outcome =
        word === 'yes'
          ? await acceptByText(deps, meant.subscribers, { inboundMessageId, sentAt, word })
          : await applyKeyword(deps, meant, { reply, word, queuedAt: sentAt });
      const [first] = meant.subscribers;
      return { tenant: outcome === 'unclear' ? UNKNOWN_TENANT : (first?.tenant ?? UNKNOWN_TENANT), type: word, outcome };
    },
    'replies',
  );
}

function parseBody(body: string): SmsReply | undefined {
  return SmsReply.safeParse(parseJson(body)).data;
}

const table = createTableClient(readSettings(['tableName']).tableName);
const now = () => Date.now();
const configurations = createConfigurations(table, now);

export const handler = createHandler({ table, configurations, sms: createSmsChannel(), completeCallback: createCallbacks(), now });
