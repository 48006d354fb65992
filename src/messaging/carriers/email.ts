import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SendReason } from '../../schemas/message/message.ts';
import type { Mail } from './mime.ts';
import { type AttemptResult, attempt, SINGLE_ATTEMPT } from './single-attempt.ts';

export type Email = Mail & {
  /** Returned by SES in its events. Letters and digits only, without personal data. */
  messageId: string;
  configurationSet?: string | undefined;
};

/** Returns every answer of the carrier instead of throwing, because every answer must be recorded. */
export type EmailChannel = { send(email: Email): Promise<AttemptResult> };

/**
 * Sends raw MIME through SES, because its simpler calls cannot set `List-Unsubscribe`.
 *
 * @param client for tests; by default a client that makes a single attempt.
 */
export function createEmailChannel(client: SESClient = new SESClient(SINGLE_ATTEMPT)): EmailChannel {
  return {
    async send(email) {
      // Loaded on first use, because most runs send no email.
      const { composeMail } = await import('./mime.ts');
      const mail = await composeMail(email);
      if (!mail) return { outcome: 'failed', reason: 'invalid-address' satisfies SendReason };
      const command = new SendRawEmailCommand({
        Source: mail.from,
        // The envelope recipient. Overrides the headers.
        Destinations: [mail.to],
        RawMessage: { Data: mail.raw },
        ConfigurationSetName: email.configurationSet,
        Tags: [{ Name: 'message', Value: email.messageId }],
      });
      return attempt(() => client.send(command));
    },
  };
}
