import { ulidTime } from '../../../src/platform/ulid.ts';
import { offersOf } from '../offers.ts';
import type { RecordedOffer, RecordedReply } from '../record-offers.ts';
import { TENANTS } from '../tenants.ts';
import { type Check, checkEach, type Evidence } from './check.ts';
import { runsKilledForGood } from './runs.ts';

const COUNTED_STATES: Record<string, string> = {
  expired: 'expired',
  declined: 'declined',
  superseded: 'superseded',
  'denied-by-policy': 'deniedByPolicy',
  stuck: 'stuck',
};
const ENDED = new Set([...Object.keys(COUNTED_STATES), 'redeemed', 'held-out']);
/** The two steps in which a run may request a plan. */
const GRANTS_OF_A_PLAN = ['grant-plan-first', 'grant-plan-second'];

export function checkOffers(evidence: Evidence): Check[] {
  return [...checkLives(evidence), ...checkGrants(evidence), ...checkAnswers(evidence), ...checkCounts(evidence)];
}

/** The redemptions that operations must decide, each with its reason and the faults that hid its outcome. */
export function listStuck({ record: { offers }, recorder }: Evidence): string[] {
  const stuck = offers.offers.filter(({ state }) => state === 'stuck');
  return stuck.map(({ tenant, offer, offerId, reason }) => {
    const hits = GRANTS_OF_A_PLAN.map((step) => recorder.hitGrants.get(`${offerId}#retention-offer#${step}`)?.join(', ') ?? 'nothing');
    return `offer ${offer} of ${tenant}, issue ${offerId}: ${reason}; hit by ${hits.join(', then by ')}`;
  });
}

function checkLives(evidence: Evidence): Check[] {
  const { record, recorder } = evidence;
  const { offers } = record;
  const killedForGood = runsKilledForGood(evidence);
  const stuck = offers.offers.filter(({ state }) => state === 'stuck');
  return [
    checkEach('every offer came to its end, the accepted ones as redeemed or left to operations', 'record', offers.offers, (offer) => {
      const isEnd = offer.acceptedAt === undefined ? offer.state !== 'redeemed' && offer.state !== 'stuck' : GIVEN.has(offer.state);
      const hasEnded = (isEnd && ENDED.has(offer.state)) || killedForGood.has(`${offer.offerId}#retention-offer`);
      return hasEnded ? undefined : `${offer.offerId} is ${offer.state}`;
    }),
    checkEach(
      'every redemption left to operations was hit by silence, or twice by what hides its outcome',
      'record and Totogi',
      stuck,
      (offer) => {
        const hits = GRANTS_OF_A_PLAN.map((step) => recorder.hitGrants.get(`${offer.offerId}#retention-offer#${step}`) ?? []);
        // A request without an answer may still be executed, so it is sent once and then left to operations.
        const isSilent = offer.reason === 'timed-out' && hits.flat().some((hit) => /: (cut off|no answer)/.test(hit));
        return isSilent || hits.every(({ length }) => length > 0)
          ? undefined
          : `${offer.offerId} is stuck (${offer.reason}) and nothing hit it so`;
      },
    ),
  ];
}

const GIVEN = new Set(['redeemed', 'stuck']);

export type Given = {
  record: { offers: Pick<Evidence['record']['offers'], 'offers'>; notifications: Evidence['record']['notifications'] };
  recorder: Pick<Evidence['recorder'], 'granted'>;
  totogi: Pick<Evidence['totogi'], 'done' | 'plans'>;
};

export function checkGrants({ record: { offers, notifications }, recorder, totogi }: Given): Check[] {
  const byOfferId = new Map(offers.offers.map((offer) => [offer.offerId, offer]));
  const granted = Map.groupBy(recorder.granted, ({ offerId }) => offerId);
  const redeemed = offers.offers.filter(({ state }) => state === 'redeemed');
  const hasThePlanSince = openPlansSince(totogi.plans, notifications);
  const seen = Map.groupBy(recorder.granted, ({ tenant, account, operation }) => `${tenant} ${account} ${operation}`);
  const booked = Map.groupBy(totogi.done, ({ tenant, account, action }) => `${tenant} ${account} ${action}`);
  return [
    checkEach('no offer was given twice', 'Totogi', granted, ([offerId, given]) =>
      given.length === 1 ? undefined : `${offerId} was given ${given.length} times`,
    ),
    checkEach('whatever was given was accepted', 'record and Totogi', granted.keys(), (offerId) => {
      const offer = byOfferId.get(offerId);
      return offer?.acceptedAt !== undefined && GIVEN.has(offer.state)
        ? undefined
        : `${offerId} was given and is ${offer?.state} on record`;
    }),
    checkEach('whatever is on record as redeemed was given', 'record and Totogi', redeemed, (offer) =>
      granted.has(offer.offerId) || hasThePlanSince(offer) ? undefined : `${offer.offerId} is redeemed and was never given`,
    ),
    checkEach("Totogi's book has what it was seen to give, and no more", 'Totogi', new Set([...seen.keys(), ...booked.keys()]), (key) => {
      const [inBook = 0, wasSeen = 0] = [booked.get(key)?.length, seen.get(key)?.length];
      return inBook === wasSeen ? undefined : `${key}: ${inBook} in the book, ${wasSeen} seen`;
    }),
  ];
}

/**
 * After an unknown outcome the service checks whether the account has the plan, which it may also have got in another way. Totogi knows
 * that at once, but its stand-in only from the notification of the activation, possibly hours later.
 */
function openPlansSince(
  plans: Given['totogi']['plans'],
  notifications: Given['record']['notifications'],
): (countOf: RecordedOffer) => boolean {
  const notified = [...notifications.values()].flat().filter(({ type }) => type === 'NewPlanActivated');
  const heardAt = new Map(notified.map(({ tenant, account, id, receivedAt }) => [`${tenant} ${account} ${occurredAt(id)}`, receivedAt]));
  return ({ tenant, account, offer, acceptedAt = '' }) => {
    const grant = offersOf(tenant).find(({ id }) => id === offer)?.grant;
    const offered = grant && 'plan' in grant ? grant.plan : undefined;
    const subscriptions = (plans.get(`${tenant} ${account}`) ?? []).filter(({ planId }) => planId === offered);
    return subscriptions.some(({ from }) => from >= acceptedAt || (heardAt.get(`${tenant} ${account} ${from}`) ?? '') >= acceptedAt);
  };
}

/** A notification's ID is a ULID, which starts with when it occurred. */
function occurredAt(id: string): string {
  return new Date(ulidTime(id)).toISOString();
}

export type Answered = Pick<Evidence, 'opened' | 'pressed' | 'texted'> & {
  record: { offers: Pick<Evidence['record']['offers'], 'offers' | 'replies'> };
};

export function checkAnswers({ record: { offers }, opened, pressed, texted }: Answered): Check[] {
  const accepted = new Set(offers.offers.filter(({ acceptedAt }) => acceptedAt !== undefined).map(({ offerId }) => offerId));
  const ofAccount = Map.groupBy(offers.offers, ({ tenant, account }) => `${tenant} ${account}`);
  const shown = pressed.filter(({ showsAccepted }) => showsAccepted);
  const applied = { texts: new Set(offers.replies.map(({ text }) => text)).size, records: offers.replies.length };
  const texts = [{ sent: new Set(texted.map(({ inboundMessageId }) => inboundMessageId)).size, ...applied }];
  return [
    checkEach("every offer's link that left leads to its page", 'record and out', opened, ({ claim, failedWith }) =>
      failedWith === undefined ? undefined : `the link of ${claim} was answered with ${failedWith}`,
    ),
    checkEach('whoever was told by the page that they accepted, has accepted on record', 'in and record', shown, ({ claim }) =>
      accepted.has(claim.split('#')[0] ?? '') ? undefined : `${claim} was accepted and is not found`,
    ),
    checkEach('every text of "YES" is on record, once', 'in and record', texts, ({ sent, texts: known, records }) =>
      sent === known && known === records ? undefined : `${sent} were sent, ${known} are on record, in ${records} records`,
    ),
    checkEach('every text of "YES" accepted an offer where one was open', 'in and record', offers.replies, (reply) => {
      const { offerId, reason } = reply;
      if (reason === 'offer-accepted' && accepted.has(offerId ?? '')) return undefined;
      if (reason !== 'no-open-offer') return `a text about ${offerId} was answered with ${reason}`;
      const missed = ofAccount.get(`${reply.tenant} ${reply.account}`)?.find((offer) => wasOpenThroughout(offer, reply));
      return missed && `${missed.offerId} was open when a text was answered with ${reason}`;
    }),
  ];
}

/** Whether a text could have accepted the offer at every time from its sending to its answer. Times of one format compare as text. */
function wasOpenThroughout(offer: RecordedOffer, { sentAt, answeredAt = sentAt }: RecordedReply): boolean {
  const { state, issuedAt, validUntil, acceptedAt = validUntil, finishedAt = validUntil } = offer;
  return state !== 'held-out' && issuedAt <= sentAt && [validUntil, acceptedAt, finishedAt].every((end) => answeredAt < end);
}

function checkCounts({ record: { offers } }: Evidence): Check[] {
  const byOffer = Map.groupBy(offers.offers, ({ tenant, offer }) => `${tenant} ${offer}`);
  const recounted = [...byOffer].flatMap(([offer, offers]) =>
    [...recount(offers)].map(([count, value]) => [`${offer} ${count}`, value] as const),
  );
  return [
    checkEach('no more were issued than the budget has, and it knows of each', 'record', budgets(), ({ offer, total }) => {
      const taken = offers.taken.get(offer) ?? 0;
      const issued = (byOffer.get(offer) ?? []).filter(({ state }) => state !== 'held-out').length;
      return issued === taken && issued <= total ? undefined : `${offer}: ${issued} issued, ${taken} taken of ${total}`;
    }),
    checkEach("the figures count what the issues' records say", 'record', recounted, ([count, value]) => {
      const counted = offers.counted.get(count) ?? 0;
      return counted === value ? undefined : `${count}: ${counted} counted, ${value} on record`;
    }),
  ];
}

/** By `<tenant> <offer>`. */
function budgets(): { offer: string; total: number }[] {
  return TENANTS.flatMap(({ tenant }) =>
    offersOf(tenant).flatMap(({ id, budget }) => (budget.total === undefined ? [] : [{ offer: `${tenant} ${id}`, total: budget.total }])),
  );
}

function recount(offers: RecordedOffer[]): Map<string, number> {
  const countOf = (isCounted: (offer: RecordedOffer) => boolean) => offers.filter(isCounted).length;
  const isHeldOut = ({ state }: RecordedOffer) => state === 'held-out';
  return new Map([
    ['heldOut', countOf(isHeldOut)],
    ['issued', countOf((offer) => !isHeldOut(offer))],
    ['opened', countOf(({ openedAt }) => openedAt !== undefined)],
    ['accepted', countOf(({ acceptedAt }) => acceptedAt !== undefined)],
    ['redeemed', countOf(({ redeemedAt }) => redeemedAt !== undefined)],
    ['converted', countOf((offer) => offer.convertedBy !== undefined && !isHeldOut(offer))],
    ['heldOutConverted', countOf((offer) => offer.convertedBy !== undefined && isHeldOut(offer))],
    ...Object.entries(COUNTED_STATES).map(([state, count]) => [count, countOf((offer) => offer.state === state)] as const),
  ]);
}
