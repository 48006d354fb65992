import type { Channel } from '../schemas/channel.ts';
import type { MessageKind, MessageReference, SendResult } from '../schemas/message.ts';

/** A message that a run wants sent: which one, how, and what it does in the run. */
export type OutgoingMessage = MessageReference & {
  channel: Channel;
  kind: MessageKind;
  /** Another template than the workflow's. */
  template?: string;
  /** When the plan ends, where Totogi's account says so: RFC 3339. */
  planEnds?: string | undefined;
};

/** The run that asks: its durable execution, and the version of the configuration that it keeps to. */
export type SendingRun = { owner: string; configuration: string };

/** What a step may tell its run about a claim: never a number, an address or a text, which stay on the message record. */
export type Claim =
  | { outcome: 'claimed' }
  /** Not now: the window opens after so many seconds, at least 1, at `until` (RFC 3339). */
  | { outcome: 'held'; until: string; waitSeconds: number }
  | { outcome: 'not-sent'; reason: string };

/**
 * The parts of sending one message, each a step of its own: claim it (the policy decides, the record says what), hand over what was
 * claimed, put the outcome on record. One interface for every channel.
 */
export type Delivery = {
  /** Drafts the message, asks the policy, and claims, holds or refuses it on record. Asked again by the same run it answers the same, or decides again what was held. */
  claim(message: OutgoingMessage, run: SendingRun): Promise<Claim>;
  /** Hands over what was claimed, at most one attempt. Throws NotSent, NotPrepared or Throttled where nothing can have gone out. */
  send(message: MessageReference): Promise<SendResult>;
  finalize(message: MessageReference, result: SendResult): Promise<void>;
  /** Puts on record that the message is not sent because another event's message says it. */
  merge(message: OutgoingMessage, run: SendingRun, intoEventId: string): Promise<void>;
  /** Puts on record that what it would have said is true no more. */
  withdraw(message: OutgoingMessage, run: SendingRun): Promise<void>;
};

/** Sending failed before anything was handed to the carrier: it may be tried again. Its message names no person. */
export class NotSent extends Error {
  constructor(why: string, cause?: unknown) {
    super(`Not sent: ${why}.`, { cause });
    this.name = NOT_SENT;
  }
}

/** Sending failed before anything was handed to the carrier, by a fault that does not pass by itself. Its message names no person. */
export class NotPrepared extends Error {
  constructor(cause: unknown) {
    super('The message could not be prepared; nothing was sent.', { cause });
    this.name = NOT_PREPARED;
  }
}

/** The carrier took no more at the moment: nothing went out, and it may be tried again after a while. Its message names no person. */
export class Throttled extends Error {
  constructor(reason: string) {
    super(`Not sent: the carrier throttles (${reason}).`);
    this.name = THROTTLED;
  }
}

/** The names by which a step's error is known again after a replay, which keeps no class. */
export const NOT_SENT = 'NotSent';
export const NOT_PREPARED = 'NotPrepared';
export const THROTTLED = 'Throttled';
