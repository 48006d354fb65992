import * as z from 'zod';
import { EventReply } from '../event/recorded-event.ts';
import { Channel } from '../message/channel.ts';
import { MessageState } from '../message/message.ts';
import { MessageClass } from '../message/message-class.ts';
import { ReceiptDetail } from '../message/receipt.ts';
import { ReplyRecord } from '../message/reply.ts';
import { UnsentNotice } from '../offer/offer-reasons.ts';
import { OfferRecord } from '../offer/offer-record.ts';
import { RunNote } from '../run/run-note.ts';
import { NotStartedReason, RunOutcome, WorkflowName } from '../run/workflow.ts';

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
    receipt: ReceiptDetail.optional().meta({ description: "What the carrier's receipt says, without number or address." }),
    summary: z.string(),
  })
  .meta({ id: 'Message' });
export type MessageReply = z.infer<typeof MessageReply>;

export const RunStepReply = z
  .object({
    kind: z.enum(['start', 'wait', 'finding', 'message', 'finish']),
    step: z
      .string()
      .meta({ description: 'The name of the step in the run: for a message, the name of the message; for a finding, its `note`.' }),
    state: z
      .enum(['done', 'waiting', ...MessageState.options])
      .meta({ description: 'For a message, its state; for the current wait of the run, `waiting`; for all other steps, `done`.' }),
    at: z.string().meta({ description: 'The time of the step; for a message, the time of the decision.' }),
    until: z.string().optional().meta({ description: 'The end of the wait, or of the hold of a message.' }),
  })
  .meta({ id: 'RunStep' });
export type RunStepReply = z.infer<typeof RunStepReply>;

export const RunReply = z
  .object({
    eventId: z.string(),
    workflow: WorkflowName,
    state: z.enum(['starting', 'never-started', 'running', 'finished']),
    steps: z.array(RunStepReply).meta({ description: 'The steps so far, the earliest first.' }),
    waits: z.array(z.object({ step: z.string(), at: z.string(), until: z.string().optional() })),
    notes: z
      .array(RunNote)
      .optional()
      .meta({ description: 'The findings of the run, such as the source of the plan end, with their times.' }),
    result: RunOutcome.optional(),
    startedAt: z.string().optional(),
    finishedAt: z.string().optional(),
    repeats: z.int().optional().meta({
      description: 'The number of later events, such as further failures of one renewal, that were part of its episode and sent nothing.',
    }),
    lastRepeatAt: z.string().optional().meta({ description: 'The time of the latest of these events.' }),
    redrives: z.int().optional().meta({ description: 'How often the run was started again after a failure.' }),
    summary: z.string(),
  })
  .meta({ id: 'Run' });
export type RunReply = z.infer<typeof RunReply>;

export const OfferReply = z
  .object({
    ...OfferRecord.omit({ tenant: true, account: true, callbackId: true, sent: true, plansBefore: true }).shape,
    offerId: z.string().meta({ description: 'The ID of the event that led to the offer.' }),
    notSent: z
      .array(UnsentNotice)
      .optional()
      .meta({ description: 'For `denied-by-policy`, the channels of the offer, each with the reason why its notice was not sent.' }),
    openedAt: z.string().optional().meta({ description: 'The time when its link was first opened, possibly by a scanner.' }),
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
