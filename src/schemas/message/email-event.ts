import * as z from 'zod';

const SesTime = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

const Recipients = z.array(z.object({ emailAddress: z.string(), status: z.string().optional() })).default([]);
/** The tag of the send request: our own ID of the message. */
const tags = z.object({ message: z.array(z.string().min(1)).optional() }).default({});
const mail = z.object({ messageId: z.string().min(1), timestamp: SesTime, tags });

/**
 * The detail of SES's EventBridge events, as far as it is used.
 * https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
 */
export const EmailEvent = z.discriminatedUnion('eventType', [
  z.object({ eventType: z.literal('Delivery'), mail, delivery: z.object({ timestamp: SesTime }) }),
  z.object({
    eventType: z.literal('Bounce'),
    mail,
    bounce: z.object({
      bounceType: z.enum(['Undetermined', 'Permanent', 'Transient']),
      bounceSubType: z.string(),
      bouncedRecipients: Recipients,
      timestamp: SesTime,
    }),
  }),
  z.object({
    eventType: z.literal('Complaint'),
    mail,
    complaint: z.object({
      complaintSubType: z.string().nullish(),
      complaintFeedbackType: z.string().nullish(),
      complainedRecipients: Recipients,
      timestamp: SesTime,
    }),
  }),
  z.object({ eventType: z.literal('Reject'), mail, reject: z.object({ reason: z.string() }) }),
]);
export type EmailEvent = z.infer<typeof EmailEvent>;

/** `detail-type` is one of `Email Delivered`, `Email Bounced`, `Email Complaint Received`, `Email Rejected`. */
export const EmailEventEnvelope = z.object({ source: z.literal('aws.ses'), detail: EmailEvent });
