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
      takenToday: taken.meta({ description: 'Of `perDay`, on this day (UTC).' }),
      total: z.int().optional(),
      taken: taken.meta({ description: 'Of `total`.' }),
    }),
    configuration: z.string().meta({ description: "The version of the tenant's configuration that says so." }),
  })
  .meta({ id: 'Offer' });
export type OfferReply = z.infer<typeof OfferReply>;

const SmsFigures = z.object({
  sent: count.meta({ description: 'Messages that the carrier took or may have taken: offers, reminders and confirmations.' }),
  parts: count.meta({ description: 'The parts of those messages, which make their price.' }),
  delivered: count.meta({ description: 'Issues of which the offer or its reminder was delivered.' }),
  opened: count.meta({ description: 'Issues of which the link in its message was the first to be opened.' }),
  accepted: count.meta({ description: 'Issues accepted by the link in its message, or by a reply to it.' }),
  redeemed: count.meta({ description: 'Of those accepted.' }),
  converted: count.meta({ description: 'Of those accepted.' }),
});

const Figures = z.object({
  issued: count,
  sms: SmsFigures,
  email: SmsFigures.omit({ parts: true }),
  opened: count.meta({ description: 'Issues whose link was opened. Scanners of mail and phones open links too, which inflates it.' }),
  accepted: count,
  redeemed: count,
  converted: count.meta({ description: 'Issues whose goal was reached within the window, accepted or not.' }),
  expired: count,
  declined: count,
  superseded: count,
  deniedByPolicy: count,
  stuck: count.meta({ description: 'How often a redemption was left to operations; those that were redeemed later are among them.' }),
  heldOut: count.meta({ description: 'Accounts that fitted and were kept back to compare.' }),
  heldOutConverted: count,
});
export type Figures = z.infer<typeof Figures>;

const complete = z.boolean().meta({ description: 'Whether the window of every issue is over: until then conversions are still to come.' });

const Group = z.object({
  accounts: count,
  converted: count,
  rate: share.nullable().meta({ description: 'Null where there is nobody.' }),
});

export const OfferPerformance = z
  .object({
    offer: OfferCode,
    from: z.iso.datetime().meta({ description: 'Whole days (UTC): the beginning of the first.' }),
    to: z.iso.datetime().meta({ description: 'The end of the last.' }),
    total: Figures,
    days: z.array(z.object({ day: z.iso.date(), ...Figures.shape, complete })).meta({
      description: 'By the day (UTC) of the issue, whenever the rest happened. Days without any issue are left out.',
    }),
    comparison: z.object({
      offered: Group.meta({
        description: 'All who were issued the offer, also those it could not be told to: the held-out are not told either.',
      }),
      heldOut: Group,
      lift: share.nullable().meta({ description: 'The rate of those offered less the rate of those held out.' }),
      liftWithin: z.object({ from: share, to: share }).nullable().meta({
        description: "Where the lift lies with 95 % confidence (Newcombe's interval of Wilson scores). With 0 in it, it may be chance.",
      }),
      complete,
    }),
    cost: z
      .object({ currency: z.string(), amount: z.number().min(0) })
      .nullable()
      .meta({ description: "Of the messages, by the tenant's `messagePrices`; null where they do not say what one costs." }),
  })
  .meta({ id: 'OfferPerformance' });
export type OfferPerformance = z.infer<typeof OfferPerformance>;
