import { createRandom, type Random } from '../emulate/random.ts';
import type { Harness } from './harness.ts';

/** What a subscriber does about an offer: each is drawn once for an issue. */
type Behaviour = 'presses' | 'texts' | 'declines' | 'looks' | 'waits';
/** What a page said to whoever pressed: that they accepted, or anything else. */
export type Pressed = { claim: string; showsAccepted: boolean };
/** A link that was opened, and the status under which its page never came, if it did not. */
export type Opened = { claim: string; failedWith: number | undefined };
/** A text of "YES", by the id that AWS gives it. */
export type Texted = { inboundMessageId: string; from: string };

/** The subscribers, as far as they answer offers: the same seed makes the same answers to what reaches the same contact in the same order. */
export type Subscribers = {
  opened: Opened[];
  pressed: Pressed[];
  texted: Texted[];
  /** How many texts were handed over again, with a later time of the queue. */
  textedAgain(): number;
  /** Answers the offers that arrived since the last time, and resolves when every press has its page. */
  answer(): Promise<void>;
};

const BEHAVIOURS: readonly [upTo: number, Behaviour][] = [
  [0.35, 'presses'],
  [0.6, 'texts'],
  [0.68, 'declines'],
  [0.74, 'looks'],
  [1, 'waits'],
];
/** Of those who wait, so many answer a reminder, or the second message about the same offer. */
const ANSWERS_LATER_SHARE = 0.5;
const LINK = /\/o\/[A-Za-z0-9_-]{22}\b/;
/** A page that does not come is asked for again. */
const MAX_TRIES = 20;
const REPEATED_SHARE = 0.3;
/** SNS may hand a text over twice: so many are, at once and again when the clock has moved on. */
const TEXTED_AGAIN_SHARE = 0.5;
/** The service's, and no tenant's own: those of `config/`, which is published too, must not own it. */
const OUR_NUMBER = '+14155550199';

type Arrived = { position: number; messageId: string; recipient: string; channel: string; text: string };

type Offered = { claim: string; offerId: string; link: string; channel: string; recipient: string; times: number };

export function createSubscribers({ parts, apiUrl, watch: { recorder } }: Harness, seed: number): Subscribers {
  const arrived = parts.state.db.prepare(
    `SELECT position, messageId, recipient, channel, text FROM outbox WHERE position > ? AND text LIKE '%/o/%' ORDER BY position`,
  );
  const claims = new Map<string, string>();
  const randoms = new Map<string, Random>();
  /** Issues of which the first message was let pass. */
  const waiting = new Set<string>();
  const answered = new Set<string>();
  const opened: Opened[] = [];
  const pressed: Pressed[] = [];
  const texted: Texted[] = [];
  /** Texts that come once more. */
  let again: string[] = [];
  let textedAgain = 0;
  let position = 0;
  let known = 0;

  function claimOf(messageId: string): string {
    for (; known < recorder.sent.length; known++) claims.set(recorder.sent[known]?.messageId ?? '', recorder.sent[known]?.claim ?? '');
    return claims.get(messageId) ?? 'no claim';
  }

  function randomOf(recipient: string): Random {
    const random = randoms.get(recipient) ?? createRandom(`${seed}/subscribers/${recipient}`);
    randoms.set(recipient, random);
    return random;
  }

  async function press(claim: string, link: string, answer: 'accept' | 'decline'): Promise<void> {
    const { page, failedWith } = await repeatUntilAnswered(`${apiUrl}${link}`, { method: 'POST', headers: FORM, body: `answer=${answer}` });
    opened.push({ claim, failedWith });
    if (answer === 'accept') pressed.push({ claim, showsAccepted: page.includes('You have accepted') });
  }

  function receiveText(text: string): void {
    const queue = parts.queues[parts.stack.queues.findIndex(({ functionKey }) => functionKey === 'take-sms-replies')];
    queue?.send(text);
  }

  function text(from: string, inboundMessageId: string): void {
    texted.push({ inboundMessageId, from });
    const reply = { originationNumber: from, destinationNumber: OUR_NUMBER, messageKeyword: 'YES', messageBody: 'Yes!', inboundMessageId };
    const text = JSON.stringify(reply);
    receiveText(text);
    if (!randomOf(from).chance(TEXTED_AGAIN_SHARE)) return;
    receiveText(text);
    again.push(text);
  }

  /** Each with a time of the queue of its own. */
  function textAgain(): void {
    textedAgain += again.length;
    for (const text of again) receiveText(text);
    again = [];
  }

  async function answerOne({ messageId, recipient, channel, text: words }: Arrived): Promise<void> {
    const claim = claimOf(messageId);
    const [offerId = ''] = claim.split('#');
    const link = LINK.exec(words)?.[0];
    if (link === undefined || answered.has(offerId)) return;
    const random = randomOf(recipient);
    const behaviour = drawBehaviour(random.next());
    const answersNow = behaviour !== 'waits' || (waiting.has(offerId) && random.chance(ANSWERS_LATER_SHARE));
    if (!answersNow) return void waiting.add(offerId);
    answered.add(offerId);
    await behave(behaviour, { claim, offerId, link, channel, recipient, times: random.chance(REPEATED_SHARE) ? 2 : 1 });
  }

  async function behave(behaviour: Behaviour, { claim, offerId, link, channel, recipient, times }: Offered): Promise<void> {
    if (behaviour === 'texts' && channel === 'sms') return text(recipient, `yes-${offerId}`);
    const { failedWith } = await repeatUntilAnswered(`${apiUrl}${link}`, {});
    opened.push({ claim, failedWith });
    if (behaviour === 'looks') return;
    const answer = behaviour === 'declines' ? 'decline' : 'accept';
    await Promise.all(Array.from({ length: times }, () => press(claim, link, answer)));
  }

  return {
    opened,
    pressed,
    texted,
    textedAgain: () => textedAgain,
    async answer() {
      textAgain();
      const news = arrived.all(position) as unknown as Arrived[];
      position = news.at(-1)?.position ?? position;
      await Promise.all(news.map(answerOne));
    },
  };
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function drawBehaviour(draw: number): Behaviour {
  return BEHAVIOURS.find(([upTo]) => draw < upTo)?.[1] ?? 'waits';
}

/** Who sees no page tries again, and gives up in the end. */
async function repeatUntilAnswered(url: string, init: RequestInit): Promise<{ page: string; failedWith: number | undefined }> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, init);
    const page = await response.text();
    if (response.ok || attempt === MAX_TRIES) return { page, failedWith: response.ok ? undefined : response.status };
  }
}
