import { SESClient, SendRawEmailCommand } from '@aws-sdk/client-ses';
import type { SendReason } from '../schemas/message.ts';
import type { Mail } from './mime.ts';
import { type AttemptResult, attempt, SINGLE_ATTEMPT } from './single-attempt.ts';

export type Email = Mail & {
  /** Our own id of the message, in letters and digits: what SES tells of the mail comes back with it. It names nobody. */
  messageId: string;
  /** The SES configuration set: which events SES tells, and from which addresses it sends. */
  configurationSet?: string | undefined;
};

/** Hands mails to the carrier. It never throws for a carrier's answer, since every answer is one that has to be recorded. */
export type EmailChannel = { send(email: Email): Promise<AttemptResult> };

/**
 * Email through Amazon SES, as a whole MIME message: its simpler calls set no `List-Unsubscribe`.
 *
 * @param client for tests; by default one that makes a single attempt.
 */
export function createEmailChannel(client: SESClient = new SESClient(SINGLE_ATTEMPT)): EmailChannel {
  return {
    async send(email) {
      // Most runs send texts and no mail: what composes it is loaded with the first one.
      const { composeMail } = await import('./mime.ts');
      const mail = await composeMail(email);
      if (!mail) return { outcome: 'failed', reason: 'invalid-address' satisfies SendReason };
      const command = new SendRawEmailCommand({
        Source: mail.from,
        // Whatever the headers say, the mail goes here and nowhere else.
        Destinations: [mail.to],
        RawMessage: { Data: mail.raw },
        ConfigurationSetName: email.configurationSet,
        Tags: [{ Name: 'message', Value: email.messageId }],
      });
      return attempt(() => client.send(command));
    },
  };
}
