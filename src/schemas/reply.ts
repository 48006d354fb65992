import * as z from 'zod';

export const ReplyKeyword = z.enum(['stop', 'start', 'help', 'yes']);
export type ReplyKeyword = z.infer<typeof ReplyKeyword>;

/** The words that are answered by a text. A yes accepts an offer, whose run says what becomes of it. */
export type AnsweredKeyword = Exclude<ReplyKeyword, 'yes'>;

/**
 * What became of our answer: `none` was given because it was too late or nobody wrote its words, or since another account with the number
 * got it; `unknown` may have gone out and is not sent again.
 */
export const ReplyAnswer = z.object({
  state: z.enum(['accepted', 'failed', 'unknown', 'none']),
  reason: z.string().optional(),
  at: z.string(),
});
export type ReplyAnswer = z.infer<typeof ReplyAnswer>;

/** A subscriber's text that was heeded, as it stands on record with their account. Neither number nor text: the word says it. */
export const ReplyRecord = z.object({
  /** A ULID: when it was said, and the first 80 bits of the hash of its id. */
  id: z.string(),
  word: ReplyKeyword,
  /** RFC 3339. */
  sentAt: z.string(),
  /** The offer that a yes means: the newest that was open when it was heeded. */
  offerId: z.string().optional(),
  answer: ReplyAnswer.optional(),
});
export type ReplyRecord = z.infer<typeof ReplyRecord>;
