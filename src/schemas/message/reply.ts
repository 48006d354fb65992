import * as z from 'zod';

export const ReplyKeyword = z.enum(['stop', 'start', 'help', 'yes']);
export type ReplyKeyword = z.infer<typeof ReplyKeyword>;

/** The keywords that get a reply. A yes accepts an offer, and the offer's run sends the outcome. */
export type AnsweredKeyword = Exclude<ReplyKeyword, 'yes'>;

/**
 * `none`: no reply was sent, because it was too late, there is no template, or another account with the number got it. `unknown`: it may
 * have been sent and is not sent again.
 */
export const ReplyAnswer = z.object({
  state: z.enum(['accepted', 'failed', 'unknown', 'none']),
  reason: z.string().optional(),
  at: z.string(),
});
export type ReplyAnswer = z.infer<typeof ReplyAnswer>;

/** A subscriber's inbound text with a keyword. Neither number nor text is stored. */
export const ReplyRecord = z.object({
  /** A ULID: the time of the text, and the first 80 bits of the hash of its ID. */
  id: z.string(),
  word: ReplyKeyword,
  /** RFC 3339. */
  sentAt: z.string(),
  /** For a yes: the newest offer that was open when it was applied. */
  offerId: z.string().optional(),
  answer: ReplyAnswer.optional(),
});
export type ReplyRecord = z.infer<typeof ReplyRecord>;
