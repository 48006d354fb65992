import { type DurableContext, DurableOperationError } from '@aws/durable-execution-sdk-js';
import type { Channel } from '../schemas/channel.ts';
import type { RunOutcome } from '../schemas/workflow.ts';
import type { Issue, OfferMoment, OfferSteps } from './offer-steps.ts';
import { keepAskingTotogi, keepTrying } from './persistence.ts';
import { redeemOffer } from './redeem-offer.ts';
import { type Story, type StoryDependencies, story } from './story.ts';

export type OfferDependencies = StoryDependencies<'retention-offer'> & { offers: OfferSteps };
type Told = Story<'retention-offer'>;

/**
 * A subscriber may leave: offer them what is meant for them, if anything is. They accept it by its link or by a text, once; Totogi gives
 * it, and we say so. When its time is over it is credited with what happened since, and so is an offer that an account was held out from.
 */
export function retentionOffer(deps: OfferDependencies) {
  const { offers } = deps;
  return story('retention-offer', deps, async (told, context) => {
    const { start } = told;
    const issued = await context.step('choose-and-issue', () => offers.chooseAndIssue(start, told), keepAskingTotogi);
    if (issued.state === 'none' && told.isStale) return { outcome: 'stale' };
    if (issued.state === 'none') return { outcome: 'no-offer-fits', reason: issued.reason };

    const outcome = await tell(deps, told, context, issued);
    // What nobody could be told of has earned nothing.
    if (outcome.outcome === 'refused-by-gate') return outcome;
    await waitUntil(deps, told, context, 'goal');
    await context.step('credit-the-offer', () => offers.credit(start), keepTrying);
    return outcome;
  });
}

/** A run that is begun again, after it failed or because operations want it, goes on where the record says that its offer stands. */
async function tell(
  deps: OfferDependencies,
  told: Told,
  context: DurableContext,
  issued: Exclude<Issue, { state: 'none' }>,
): Promise<RunOutcome> {
  switch (issued.state) {
    case 'held-out':
      return { outcome: 'held-out' };
    case 'ended':
      return { outcome: issued.as, ...(issued.reason === undefined ? {} : { reason: issued.reason }) };
    case 'accepted':
      return redeem(deps, told, context);
    case 'issued':
      return offer(deps, told, context, issued);
  }
}

type Issued = { channels: Channel[]; reminds: boolean };

async function offer(deps: OfferDependencies, told: Told, context: DurableContext, { channels, reminds }: Issued): Promise<RunOutcome> {
  const { offers } = deps;
  const { start } = told;
  const said = await sayOnEach(deps, told, channels, 'notice');
  // What the run before this one has said is said.
  if (said.every(({ outcome, reason }) => outcome === 'not-sent' && reason !== 'claimed-by-another-run')) {
    const reason = said.map(({ reason: why }) => why).join(', ');
    await context.step('end-as-refused', () => offers.end(start, 'refused-by-gate', reason), keepTrying);
    return { outcome: 'refused-by-gate', reason };
  }

  let state = await awaitAnswer(deps, told, context, reminds ? 'reminder' : 'end');
  if (state === 'issued' && reminds) {
    await sayOnEach(deps, told, channels, 'reminder');
    state = await awaitAnswer(deps, told, context, 'end');
  }
  if (state === 'issued') state = await context.step('end-as-expired', () => offers.end(start, 'expired'), keepTrying);
  if (state !== 'accepted') return { outcome: state === 'declined' || state === 'superseded' ? state : 'expired' };

  return redeem(deps, told, context);
}

async function redeem({ offers }: OfferDependencies, told: Told, context: DurableContext): Promise<RunOutcome> {
  const redeemed = await redeemOffer(context, offers, told);
  // What was accepted has been given: that is a message about the account, not an offer.
  if (redeemed.outcome === 'redeemed')
    await told.say({ step: 'confirmation-sms', channel: 'sms', moment: 'confirmation', template: 'offer-redeemed' });
  return redeemed;
}

/** Waits for the answer until a moment. One that came before it could be waited for, or as time ran out, is found on record. */
async function awaitAnswer({ offers }: OfferDependencies, { start }: Told, context: DurableContext, until: OfferMoment) {
  const seconds = await context.step(`time-until-${until}`, () => offers.secondsUntil(start, until), keepTrying);
  const [answered, callbackId] = await context.createCallback(`answer-before-${until}`, {
    timeout: { seconds: seconds > 0 ? seconds : 1 },
  });
  const before = await context.step(`note-where-to-answer-before-${until}`, () => offers.awaitAnswer(start, callbackId), keepTrying);
  if (before !== 'issued') return before;
  await answered.catch(unlessTimedOut);
  return context.step(`look-at-the-answer-before-${until}`, () => offers.stateOf(start), keepTrying);
}

/** That nobody answers in time is the usual end of waiting: the record says what came of it. */
function unlessTimedOut(error: unknown): void {
  if (!(error instanceof DurableOperationError)) throw error;
}

async function sayOnEach(
  { offers }: OfferDependencies,
  told: Told,
  channels: Channel[],
  moment: 'notice' | 'reminder',
): Promise<RunOutcome[]> {
  const said: RunOutcome[] = [];
  for (const channel of channels)
    said.push(await told.say({ step: `${moment}-${channel}`, channel, moment }, () => offers.isOpen(told.start)));
  return said;
}

async function waitUntil({ offers }: OfferDependencies, { start }: Told, context: DurableContext, moment: OfferMoment): Promise<void> {
  const seconds = await context.step(`time-until-${moment}`, () => offers.secondsUntil(start, moment), keepTrying);
  if (seconds > 0) await context.wait(`wait-for-the-${moment}`, { seconds });
}
