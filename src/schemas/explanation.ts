import * as z from 'zod';
import { Channel } from './channel.ts';
import { MessageState } from './message.ts';
import { MessageClass } from './message-class.ts';
import { OfferRecord } from './offer-record.ts';
import { EventReply } from './recorded-event.ts';
import { ReplyRecord } from './reply.ts';
import { NotStartedReason, RunOutcome, WorkflowName } from './workflow.ts';

/** Neither number nor text: those stay in the stored record. */
export const MessageReply = z
  .object({
    eventId: z.string(),
    workflow: WorkflowName,
    step: z.string(),
    channel: Channel,
    class: MessageClass.optional(),
    template: z.string(),
    language: z.string().optional(),
    state: MessageState,
    reason: z.string().optional(),
    parts: z.int().optional(),
    encoding: z.string().optional(),
    heldUntil: z.string().optional(),
    mergedInto: z.string().optional(),
    claimedAt: z.string(),
    finalizedAt: z.string().optional(),
    postponedAt: z.string().optional(),
    postponedFor: z.string().optional(),
    receiptAt: z.string().optional(),
    receipt: z.string().optional(),
    summary: z.string(),
  })
  .meta({ id: 'Message' });
export type MessageReply = z.infer<typeof MessageReply>;

export const RunStepReply = z
  .object({
    kind: z.enum(['start', 'wait', 'finding', 'message', 'finish']),
    step: z.string().meta({ description: 'Its name in the run: of a message that of the message, of a finding what was found.' }),
    state: z
      .enum(['done', 'waiting', ...MessageState.options])
      .meta({ description: 'Of a message its state, of the wait that the run is in `waiting`, of all others `done`.' }),
    at: z.string().meta({ description: 'When it was taken; of a message when it was decided.' }),
    until: z.string().optional().meta({ description: 'Until when it waits or waited, or the message is held.' }),
  })
  .meta({ id: 'RunStep' });
export type RunStepReply = z.infer<typeof RunStepReply>;

export const RunReply = z
  .object({
    eventId: z.string(),
    workflow: WorkflowName,
    state: z.enum(['starting', 'never-started', 'running', 'finished']),
    steps: z.array(RunStepReply).meta({ description: 'What it did so far, the earliest first.' }),
    waits: z.array(z.object({ step: z.string(), at: z.string(), until: z.string().optional() })),
    notes: z
      .array(z.object({ note: z.string(), at: z.string() }))
      .optional()
      .meta({ description: 'What it found out, such as who says when the plan ends, and when that was so.' }),
    result: RunOutcome.optional(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
    repeats: z
      .int()
      .optional()
      .meta({ description: 'How many later events, such as further failures of one renewal, were part of its episode and sent nothing.' }),
    lastRepeatAt: z.string().optional().meta({ description: 'When the last of them was.' }),
    redrives: z.int().optional().meta({ description: 'How often it was started again after it failed.' }),
    summary: z.string(),
  })
  .meta({ id: 'Run' });
export type RunReply = z.infer<typeof RunReply>;

export const OfferReply = z
  .object({
    ...OfferRecord.omit({ tenant: true, account: true, callbackId: true, sent: true, plansBefore: true }).shape,
    offerId: z.string().meta({ description: 'The id of the event that led to it.' }),
    openedAt: z.string().optional().meta({ description: 'The first opening of its link, which may have been a scanner.' }),
    summary: z.string(),
  })
  .meta({ id: 'OfferInstance' });
export type OfferReply = z.infer<typeof OfferReply>;

export const FailedActivationReply = z.object({ account: z.string(), ...OfferReply.shape }).meta({ id: 'FailedActivation' });
export type FailedActivationReply = z.infer<typeof FailedActivationReply>;

export const Explanation = z
  .object({
    event: EventReply,
    workflows: z.array(z.object({ ...RunReply.shape, messages: z.array(MessageReply) })),
    /** The offer that it led to. If there is none, the run of `retention-offer` has the reason. */
    offer: OfferReply.optional(),
    reason: NotStartedReason.optional(),
    configuration: z.string().optional(),
    /** Present if a replay decided again after the first decision started nothing; `before` is that first reason. */
    decidedAgain: z.object({ at: z.string(), replay: z.string(), before: NotStartedReason.optional() }).optional(),
    summary: z.string(),
  })
  .meta({ id: 'Explanation' });
export type Explanation = z.infer<typeof Explanation>;

export const ReplyReply = z.object({ ...ReplyRecord.omit({ id: true }).shape, summary: z.string() }).meta({ id: 'Reply' });
export type ReplyReply = z.infer<typeof ReplyReply>;

/** Runs, messages and offers are listed with their event. */
export const TimelineEntry = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('event'), event: EventReply, reason: NotStartedReason.optional() }),
    z.object({ kind: z.literal('run'), run: RunReply }),
    z.object({ kind: z.literal('message'), message: MessageReply }),
    z.object({ kind: z.literal('offer'), offer: OfferReply }),
    z.object({ kind: z.literal('reply'), reply: ReplyReply }),
  ])
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof TimelineEntry>;
