import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { Channel } from '../schemas/message/channel.ts';
import type { MessageRecord, MessageReference, NotSentReason, SendResult } from '../schemas/message/message.ts';
import type { MessageKind } from '../schemas/message/message-kind.ts';
import type { OfferVariables } from './message-variables.ts';

export type OutgoingMessage = MessageReference & {
  channel: Channel;
  kind: MessageKind;
  /** Replaces the workflow's own. */
  template?: string;
  /** The end of the plan, if Totogi's account has one: RFC 3339. */
  planEnds?: string | undefined;
  /** Why its event leaves nothing to send, if so. */
  emptyReason?: (event: RecordedEvent) => NotSentReason | undefined;
};

/** `owner` is the durable execution; `configuration` the version that the run keeps. */
export type SendingRun = { owner: string; configuration: string };

/** The result of a step is stored by Lambda, so it never contains a number, an address or a text. Those stay on the message record. */
export type Claim =
  | { outcome: 'claimed' }
  /** `until` is when the sending window opens (RFC 3339); `waitSeconds` is at least 1. */
  | { outcome: 'held'; until: string; waitSeconds: number }
  | { outcome: 'not-sent'; reason: string };

/** Each phase is a step of its own: claim, send, finalize. */
export type Delivery = {
  /**
   * Drafts the message, evaluates the send policy, and records the message as claimed, held or not sent. A repeat by the same run returns
   * the same result, but decides a held message again.
   */
  claim(message: OutgoingMessage, run: SendingRun): Promise<Claim>;
  /** Sends a claimed message, in at most one attempt. Throws NotSent, NotPrepared or Throttled only when nothing was sent. */
  send(message: MessageReference): Promise<SendResult>;
  finalize(message: MessageReference, result: SendResult): Promise<void>;
  /** The message of another event covers this one. */
  merge(message: OutgoingMessage, run: SendingRun, intoEventId: string): Promise<void>;
  /** The message is obsolete. */
  withdraw(message: OutgoingMessage, run: SendingRun): Promise<void>;
};

export type MessageContent = { text: string; html?: string | undefined };

/** What a run's messages are about, where that is more than their event. Its feature passes it in; other messages have none. */
export type MessageTopic = {
  /** The template's variables, and the name of the topic's own template if it has one. */
  variables(
    message: MessageReference,
    published: PublishedConfiguration,
  ): Promise<(OfferVariables & { template?: string | undefined }) | undefined>;
  /** Whether the message links to something that is expired, answered or superseded. */
  isOver(message: MessageRecord): Promise<boolean>;
  /** Replaces the placeholders of links. Called just before the one attempt, because no record stores a link. */
  withLinks(message: MessageRecord, content: MessageContent): Promise<MessageContent>;
  recordSending(message: MessageRecord, result: SendResult): Promise<void>;
};

/** Nothing was sent. Retry. The error message names no person. */
export class NotSent extends Error {
  constructor(why: string, cause?: unknown) {
    super(`Not sent: ${why}.`, { cause });
    this.name = NOT_SENT;
  }
}

/** Nothing was sent, because of a fault that does not pass by itself. The error message names no person. */
export class NotPrepared extends Error {
  constructor(cause: unknown) {
    super('The message could not be prepared; nothing was sent.', { cause });
    this.name = NOT_PREPARED;
  }
}

/** Nothing was sent, because the carrier throttles. Retry later. The error message names no person. */
export class Throttled extends Error {
  constructor(reason: string) {
    super(`Not sent: the carrier throttles (${reason}).`);
    this.name = THROTTLED;
  }
}

/** A replay keeps an error's name but not its class. */
export const NOT_SENT = 'NotSent';
export const NOT_PREPARED = 'NotPrepared';
export const THROTTLED = 'Throttled';
