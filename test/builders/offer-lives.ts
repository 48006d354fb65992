import { claimMessage, finalizeMessage } from '../../src/messaging/message-records.ts';
import { recordReceipt } from '../../src/messaging/receipts/receipt-records.ts';
import { isHeldOut } from '../../src/offers/holdout.ts';
import { issueOffer } from '../../src/offers/issue-offer.ts';
import { recordConversion, recordOpening } from '../../src/offers/milestones.ts';
import type { OfferReference } from '../../src/offers/offer-records.ts';
import { retryOffer } from '../../src/offers/retries.ts';
import { recordDelivery, recordSending } from '../../src/offers/sent-messages.ts';
import { acceptOffer, completeRedemption, endOffer, markOfferStuck, startRedemption } from '../../src/offers/transitions.ts';
import type { Table } from '../../src/platform/table.ts';
import { isoTime } from '../../src/platform/time.ts';
import { ulid } from '../../src/platform/ulid.ts';
import type { Channel } from '../../src/schemas/message/channel.ts';
import type { Offer } from '../../src/schemas/offer/offer.ts';
import { createRandom, type Random } from '../../tooling/traffic/random.ts';
import { claimedMessage } from './receipts.ts';

const MINUTE_MILLISECONDS = 60_000;
const DAY_MILLISECONDS = 24 * 60 * MINUTE_MILLISECONDS;
/** As many at once as one function has connections. */
const AT_ONCE = 25;
const CHANNELS = ['sms', 'email'] as const;

export type Emulated = { tenant: string; accounts: number; seed: number; offer: Offer; from: number; days: number };

/** Has an offer issued to accounts, each with a life of its own that is the same for the same seed, through the service's own store. */
export async function emulateOfferLives(table: Table, emulated: Emulated): Promise<OfferReference[]> {
  const lives = Array.from({ length: emulated.accounts }, (_, index) => lifeOf(emulated, index));
  const ahead = lives.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const life of ahead) await live(table, emulated.offer, life);
    }),
  );
  return lives.map(({ reference }) => reference);
}

type Life = { reference: OfferReference; at: number; random: Random };

function lifeOf({ tenant, seed, from, days }: Emulated, index: number): Life {
  const random = createRandom(`${seed} ${index}`);
  const at = from + random.integer(0, days * DAY_MILLISECONDS - 1);
  const offerId = ulid(at, Buffer.from(Array.from({ length: 10 }, () => random.integer(0, 255))));
  return { reference: { tenant, account: `acc-${index}`, offerId }, at, random };
}

async function live(table: Table, offer: Offer, { reference: of, at, random }: Life): Promise<void> {
  const heldOut = isHeldOut({ ...of, offer: offer.id }, offer.holdoutPercent);
  const later = () => at + random.integer(1, 60) * MINUTE_MILLISECONDS;
  await twice(random, () => issueOffer(table, { ...of, configuration: 'v-1' }, { offer, heldOut }, at));
  if (!heldOut) await bePut(table, { reference: of, at, random });
  if (random.chance(heldOut ? 0.1 : 0.25)) await twice(random, () => recordConversion(table, of, 'event-2', later()));
}

async function bePut(table: Table, life: Life): Promise<void> {
  const { reference: of, at, random } = life;
  if (random.chance(0.1)) {
    await endOffer(table, of, 'denied-by-policy', { at, notSent: [{ channel: 'sms', reason: 'no-consent' }] });
    return;
  }
  for (const channel of CHANNELS) await sendMessageOf(table, life, `notice-${channel}`, channel);
  if (random.chance(0.4)) await twice(random, () => recordOpening(table, of, { via: random.pick(CHANNELS), at: at + MINUTE_MILLISECONDS }));
  const answer = random.pick(['accepted', 'accepted', 'declined', 'expired', 'expired', 'superseded'] as const);
  if (answer !== 'accepted') {
    if (answer === 'expired') await sendMessageOf(table, life, 'reminder-sms', 'sms');
    await twice(random, () => endOffer(table, of, answer, { at: at + DAY_MILLISECONDS }));
    return;
  }
  const by = random.pick(['link', 'reply'] as const);
  const via = by === 'reply' ? 'sms' : random.pick(CHANNELS);
  await twice(random, () => acceptOffer(table, of, { by, via, at: at + MINUTE_MILLISECONDS }));
  await startRedemption(table, of);
  const marksStuck = random.chance(0.1);
  if (marksStuck) await markOfferStuck(table, of, 'unknown-twice', at + DAY_MILLISECONDS);
  if (marksStuck && random.chance(0.5)) return;
  if (marksStuck) {
    await twice(random, () => retryOffer(table, of));
    await startRedemption(table, of);
  }
  await twice(random, () => completeRedemption(table, of, at + DAY_MILLISECONDS));
  await sendMessageOf(table, life, 'confirmation-sms', 'sms');
}

/** A message on its way: claimed, handed over, and what its carrier says of it. */
async function sendMessageOf(table: Table, { reference: of, at, random }: Life, step: string, channel: Channel): Promise<void> {
  const isConfirmation = step.startsWith('confirmation');
  const message = claimedMessage({
    tenant: of.tenant,
    account: of.account,
    eventId: of.offerId,
    workflow: 'retention-offer',
    step,
    channel,
    template: `${isConfirmation ? 'offer-redeemed' : 'retention-offer'}.${channel}`,
    class: isConfirmation ? 'service' : 'marketing',
    parts: channel === 'sms' ? random.integer(1, 3) : undefined,
    claimedAt: isoTime(at),
  });
  await claimMessage(table, message);
  const providerMessageId = `${of.offerId}-${step}`;
  const result = random.chance(0.05)
    ? ({ outcome: 'failed', reason: 'InvalidParameter' } as const)
    : ({ outcome: 'accepted', providerMessageId } as const);
  await twice(random, async () => {
    const settled = await finalizeMessage(table, message, result, at);
    await recordSending(table, settled.message, result);
  });
  if (result.outcome === 'failed') return;
  const becomes = random.chance(0.9) ? 'delivered' : 'failed';
  const receipt = {
    becomes,
    overrulesDelivery: false,
    detail: { kind: becomes === 'delivered' ? 'delivery' : 'failure' },
    at: isoTime(at),
  } as const;
  await twice(random, async () => {
    const received = await recordReceipt(table, { providerMessageId }, receipt);
    if (received.outcome !== 'unmatched') await recordDelivery(table, received.message);
  });
}

/** Steps and receipts come again at times. */
async function twice(random: Random, work: () => Promise<unknown>): Promise<void> {
  await work();
  if (random.chance(0.2)) await work();
}
