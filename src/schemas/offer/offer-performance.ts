import * as z from 'zod';
import { Offer } from './offer.ts';
import { OfferCode } from './offer-code.ts';

const count = z.int().min(0);
const share = z.number().min(-1).max(1);
const taken = count.optional();

export const OfferReply = z
  .object({
    ...Offer.shape,
    budget: z.object({
      perDay: z.int().optional(),
      takenToday: taken.meta({ description: 'The used part of `perDay` on this day (UTC).' }),
      total: z.int().optional(),
      taken: taken.meta({ description: 'The used part of `total`.' }),
    }),
    configuration: z.string().meta({ description: "The version of the tenant's configuration that contains the offer." }),
  })
  .meta({ id: 'Offer' });
export type OfferReply = z.infer<typeof OfferReply>;

const SmsFigures = z.object({
  sent: count.meta({ description: 'Messages that the carrier accepted or may have accepted: offers, reminders and confirmations.' }),
  parts: count.meta({ description: 'The parts of those messages, which determine their price.' }),
  delivered: count.meta({ description: 'Issued offers whose message or reminder was delivered.' }),
  opened: count.meta({ description: 'Issued offers whose first opened link was in a message of this channel.' }),
  accepted: count.meta({ description: 'Issued offers accepted by the link in a message of this channel, or by a reply to it.' }),
  redeemed: count.meta({ description: 'Accepted offers that were redeemed.' }),
  converted: count.meta({ description: 'Accepted offers whose goal was reached.' }),
});

const Figures = z.object({
  issued: count,
  sms: SmsFigures,
  email: SmsFigures.omit({ parts: true }),
  opened: count.meta({
    description: 'Issued offers whose link was opened. Mail and phone scanners open links too, which inflates this figure.',
  }),
  accepted: count,
  redeemed: count,
  converted: count.meta({ description: 'Issued offers whose goal was reached within the window, accepted or not.' }),
  expired: count,
  declined: count,
  superseded: count,
  deniedByPolicy: count,
  stuck: count.meta({ description: 'How often a redemption was stuck, including those redeemed later.' }),
  heldOut: count.meta({ description: 'Accounts that fit the offer and are in its holdout.' }),
  heldOutConverted: count,
});
export type Figures = z.infer<typeof Figures>;

const complete = z
  .boolean()
  .meta({ description: 'Whether the window of every issued offer has ended; until then, more conversions may follow.' });

const Group = z.object({
  accounts: count,
  converted: count,
  rate: share.nullable().meta({ description: 'Null if there are no accounts.' }),
});

export const OfferPerformance = z
  .object({
    offer: OfferCode,
    from: z.iso.datetime().meta({ description: 'The start of the first day (UTC).' }),
    to: z.iso.datetime().meta({ description: 'The end of the last day (UTC).' }),
    total: Figures,
    days: z.array(z.object({ day: z.iso.date(), ...Figures.shape, complete })).meta({
      description: 'Grouped by the day (UTC) of the issue, whenever later states were reached. Days without issued offers are omitted.',
    }),
    comparison: z.object({
      offered: Group.meta({
        description:
          'All accounts that were issued the offer, including those that no message could reach: the holdout gets no message either.',
      }),
      heldOut: Group,
      lift: share.nullable().meta({ description: 'The rate of `offered` minus the rate of `heldOut`.' }),
      liftWithin: z.object({ from: share, to: share }).nullable().meta({
        description:
          "The 95 % confidence interval of the lift (Newcombe's interval of Wilson scores). If it contains 0, the lift may be chance.",
      }),
      complete,
    }),
    cost: z
      .object({ currency: z.string(), amount: z.number().min(0) })
      .nullable()
      .meta({ description: "The cost of the messages by the tenant's `messagePrices`; null if a price is missing." }),
  })
  .meta({ id: 'OfferPerformance' });
export type OfferPerformance = z.infer<typeof OfferPerformance>;
