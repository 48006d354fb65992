import * as z from 'zod';

/** A time as SES writes it, in the form our records have. */
const SesTime = z.iso.datetime({ offset: true }).transform((time) => new Date(time).toISOString());

const Recipients = z.array(z.object({ emailAddress: z.string(), status: z.string().optional() })).default([]);
/** Our own id of the message comes back as the tag that it was sent with. */
const tags = z.object({ message: z.array(z.string().min(1)).optional() }).default({});
const mail = z.object({ messageId: z.string().min(1), timestamp: SesTime, tags });

/**
 * What SES tells of a message it took: the detail of its EventBridge events, as far as we read it.
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

/** The envelope of EventBridge around it: `Email Delivered`, `Email Bounced`, `Email Complaint Received`, `Email Rejected`. */
export const EmailEventEnvelope = z.object({ source: z.literal('aws.ses'), detail: EmailEvent });
