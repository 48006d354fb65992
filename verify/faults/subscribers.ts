import { createRandom, type Random } from '../../tooling/traffic/random.ts';
import type { Harness } from './harness.ts';

/** Drawn once for each offer. */
type Behaviour = 'presses' | 'texts' | 'declines' | 'looks' | 'waits';
/** `showsAccepted` is whether the page said that the offer is accepted. */
export type Pressed = { claim: string; showsAccepted: boolean };
/** `failedWith` is the status if the page never loaded. */
export type Opened = { claim: string; failedWith: number | undefined };
/** A text of "YES", by AWS's ID. */
export type Texted = { inboundMessageId: string; from: string };

/** Subscribers who answer offers. The same seed gives the same answers to the same messages in the same order. */
export type Subscribers = {
  opened: Opened[];
  pressed: Pressed[];
  texted: Texted[];
  /** How many texts were delivered again, with a later queue time. */
  textedAgain(): number;
  /** Answers the offers since the last call, and resolves when every press has its page. */
  answer(): Promise<void>;
};

const BEHAVIOURS: readonly [upTo: number, Behaviour][] = [
  [0.35, 'presses'],
  [0.6, 'texts'],
  [0.68, 'declines'],
  [0.74, 'looks'],
  [1, 'waits'],
];
/** The share of waiting subscribers who answer a reminder, or a second message about the same offer. */
const ANSWERS_LATER_SHARE = 0.5;
const LINK = /\/o\/[A-Za-z0-9_-]{22}\b/;
/** A page that fails to load is requested again. */
const MAX_TRIES = 20;
const REPEATED_SHARE = 0.3;
/** SNS may deliver a text twice. This share is delivered again at once, and once more after the clock has moved. */
const TEXTED_AGAIN_SHARE = 0.5;
/** The service's number. No tenant's in `config/`, which is published too, may own it. */
const OUR_NUMBER = '+14155550199';

type Arrived = { position: number; messageId: string; recipient: string; channel: string; text: string };

type Offered = { claim: string; offerId: string; link: string; channel: string; recipient: string; times: number };

export function createSubscribers({ parts, apiUrl, watch: { recorder } }: Harness, seed: number): Subscribers {
  const arrived = parts.state.db.prepare(
    `SELECT position, messageId, recipient, channel, text FROM outbox WHERE position > ? AND text LIKE '%/o/%' ORDER BY position`,
  );
  const claims = new Map<string, string>();
  const randoms = new Map<string, Random>();
  /** Offers whose first message was ignored. */
  const waiting = new Set<string>();
  const answered = new Set<string>();
  const opened: Opened[] = [];
  const pressed: Pressed[] = [];
  const texted: Texted[] = [];
  /** Texts that will be delivered again. */
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

  /** Each with its own queue time. */
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

/** A subscriber retries a page that fails, and gives up in the end. */
async function repeatUntilAnswered(url: string, init: RequestInit): Promise<{ page: string; failedWith: number | undefined }> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, init);
    const page = await response.text();
    if (response.ok || attempt === MAX_TRIES) return { page, failedWith: response.ok ? undefined : response.status };
  }
}
