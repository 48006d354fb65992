import * as z from 'zod';
import { Channel } from '../message/channel.ts';
import { OfferCode } from './offer-code.ts';

export const PassedReason = z.enum([
  'churn-score-unknown',
  'churn-score-outside',
  'lifecycle-state-unknown',
  'lifecycle-state-outside',
  'plan-unknown',
  'plan-outside',
  'language-outside',
  'attribute-unknown',
  'attribute-outside',
  'had-before',
  'another-recently',
  'daily-budget-exhausted',
  'budget-exhausted',
]);
export type PassedReason = z.infer<typeof PassedReason>;

/** An offer that was considered and not issued. */
export const PassedOffer = z.object({ offer: OfferCode, reason: PassedReason });
export type PassedOffer = z.infer<typeof PassedOffer>;

/** A channel that could not carry an offer's notice. */
export const UnsentNotice = z.object({ channel: Channel, reason: z.string() });
export type UnsentNotice = z.infer<typeof UnsentNotice>;
