import type { Explanation, ReplyReply, RunReply, TimelineEntry } from '../schemas/api/explanation.ts';
import { decidedAt, decisionInForce, eventReply, type RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { ReplyRecord } from '../schemas/message/reply.ts';
import type { NotStartedReason, RunOutcome, WorkflowName } from '../schemas/run/workflow.ts';
import { STARTS_FOR_MILLISECONDS } from '../schemas/run/workflow-start.ts';
import type { RunRecord } from '../workflows/engine/run-records.ts';
import { describeNote, describeSteps } from './describe-steps.ts';
import { messageReply } from './explain-message.ts';
import { offerReply } from './explain-offer.ts';
import { describeReason, describeReasons } from './reason-texts.ts';
import type { TimelineRecord } from './timeline.ts';

const NOT_STARTED: Record<NotStartedReason, string> = {
  'tenant-not-configured': 'The tenant is not configured; no workflow started.',
  stale: 'The event was older than staleAfterHours when it arrived; no workflow started.',
  'in-the-future': 'The time of the event is more than an hour after its arrival, so it is wrong; no workflow started.',
  unrecognised: 'Unknown notification type; no workflow started.',
  'state-starts-nothing': 'This state of the notification is not documented; no workflow started.',
  'counter-not-configured': "Neither the tenant's configuration nor the defaults define this state of the counter; no workflow started.",
  'counter-good': 'The counter is in a good state; no workflow started.',
  'workflow-off': 'The workflow is switched off for this tenant.',
};

const OUTCOMES: Record<RunOutcome['outcome'], string> = {
  sent: 'message sent',
  'not-sent': 'no message sent',
  unknown: 'the message may have been sent; it is not sent again',
  recovered: 'no message sent; the counter was back in a good state',
  merged: 'merged into the message for another event in the same quiet period',
  'part-of-episode': 'no message sent; another event started this episode',
  resolved: 'ended early; further messages are not needed',
  completed: 'completed',
  'no-offer-configured': 'completed; the tenant has no offer to follow the notice',
  'offer-started': 'completed; retention-offer shows whether an offer followed',
  'no-offer-fits': 'no offer issued',
  'held-out': 'no offer issued; the account is in the holdout',
  redeemed: 'offer accepted and redeemed',
  expired: 'offer expired',
  declined: 'offer declined',
  superseded: 'offer superseded by a later one',
  'denied-by-policy': 'could not notify the subscriber of the offer on any channel',
  stuck: 'offer accepted, but not known to be redeemed; operations must decide',
  stale: 'started too late; out-of-date messages are not sent',
  failed: "failed; the run is in the workflows' dead-letter queue",
};

/**
 * What an event led to, and why, from the stored records.
 *
 * @param now milliseconds since the epoch.
 */
export function explain(event: RecordedEvent, runs: RunRecord[], messages: MessageRecord[], now: number): Explanation {
  const { start, reason, configuration } = decisionInForce(event);
  // The decision starts no offer: the workflow does.
  const started = runs.map(({ workflow }) => workflow).filter((workflow) => !start.includes(workflow));
  const workflows = [...start, ...started].map((workflow) => {
    const run = runs.find((candidate) => candidate.workflow === workflow);
    const sent = messages.filter((message) => message.workflow === workflow);
    const reply = run ? runReply(event.id, run, sent) : notStartedReply(event, workflow, now);
    return { ...reply, messages: sent.map(messageReply) };
  });
  const summary = reason ? NOT_STARTED[reason] : workflows.map((workflow) => workflow.summary).join(' ');
  const explanation = { event: eventReply(event), workflows, reason, configuration };
  if (!event.redecision) return { ...explanation, summary };
  const { at, replay } = event.redecision;
  const before = event.decision.reason;
  const first = before ? `On arrival: ${NOT_STARTED[before]} ` : '';
  return { ...explanation, decidedAgain: { at, replay, before }, summary: `${first}A replay decided again at ${at}. ${summary}` };
}

export function timelineEntry(record: TimelineRecord): TimelineEntry {
  switch (record.kind) {
    case 'event':
      return { kind: 'event', event: eventReply(record.event), reason: decisionInForce(record.event).reason };
    case 'run':
      return { kind: 'run', run: runReply(record.eventId, record.run, record.messages) };
    case 'message':
      return { kind: 'message', message: messageReply(record.message) };
    case 'offer':
      return { kind: 'offer', offer: offerReply(record.offer) };
    case 'reply':
      return { kind: 'reply', reply: replyReply(record.reply) };
  }
}

export function runReply(eventId: string, run: RunRecord, messages: MessageRecord[]): RunReply {
  return { eventId, ...run, steps: describeSteps(run, messages), summary: describeRun(run) };
}

function replyReply({ word, sentAt, answer }: ReplyRecord): ReplyReply {
  return { word, sentAt, answer, summary: `The subscriber ${REPLY_SUMMARIES[word]}. ${describeAnswer(answer)}` };
}

const REPLY_SUMMARIES: Record<ReplyRecord['word'], string> = {
  stop: 'opted out of texts: consent to service and marketing texts was withdrawn',
  start: 'opted in to texts about the account: consent to service texts was given',
  help: 'asked for help',
  yes: 'answered YES',
};

const UNANSWERED: Record<string, string> = {
  'too-late': 'it was too late to answer',
  'no-template': 'there is no template for the answer',
  'template-failed': 'the template of the answer could not be rendered and must be fixed',
  unclear: 'it is not clear what the text refers to',
  'another-account': 'another account with the same number got the answer',
  'offer-accepted': 'it accepted an offer; see the run of that offer',
  'no-open-offer': 'there was no open offer to accept',
};

function describeAnswer(answer: ReplyRecord['answer']): string {
  if (answer === undefined) return 'The answer is being sent.';
  const because = answer.reason === undefined ? '' : (UNANSWERED[answer.reason] ?? describeReason(answer.reason));
  const texts = {
    accepted: 'The carrier accepted the answer.',
    failed: `The answer was not sent: ${because}.`,
    unknown: `The answer may have been sent (${because}); it is not sent again.`,
    none: `No answer was sent: ${because}.`,
  };
  return texts[answer.state];
}

function notStartedReply(event: RecordedEvent, workflow: WorkflowName, now: number): RunReply {
  const isTooLate = now - decidedAt(event) > STARTS_FOR_MILLISECONDS;
  const summary = isTooLate
    ? `${workflow}: not started; see the workflows' dead-letter queue.`
    : `${workflow}: starting, or waiting to start.`;
  return { eventId: event.id, workflow, state: isTooLate ? 'never-started' : 'starting', steps: [], waits: [], summary };
}

function describeRun(run: RunRecord): string {
  return [describeProgress(run), ...describeRepeats(run), ...(run.notes ?? []).map(describeNote)].join(' ');
}

function describeRepeats({ repeats = 0, lastRepeatAt }: RunRecord): string[] {
  if (repeats === 0) return [];
  return [repeats === 1 ? `One repeat followed at ${lastRepeatAt}.` : `${repeats} repeats followed, the last at ${lastRepeatAt}.`];
}

function describeProgress({ workflow, result, waits }: RunRecord): string {
  if (result) {
    const details = describeReasons(result);
    return `${workflow}: ${OUTCOMES[result.outcome]}${details === '' ? '' : ` (${details})`}.`;
  }
  const waiting = waits.at(-1);
  return waiting?.until ? `${workflow}: running, waiting until ${waiting.until} (${waiting.step}).` : `${workflow}: running.`;
}
