import { describeConversion } from '../offers/find-goal.ts';
import type { Explanation, ReplyReply, RunReply, TimelineEntry } from '../schemas/api/explanation.ts';
import { decidedAt, decisionInForce, eventReply, type RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { MessageRecord } from '../schemas/message/message.ts';
import type { ReplyRecord } from '../schemas/message/reply.ts';
import type { NotStartedReason, RunOutcome, WorkflowName } from '../schemas/run/workflow.ts';
import { STARTS_FOR_MILLISECONDS } from '../schemas/run/workflow-start.ts';
import { describePlanEnd } from '../workflows/engine/plan-end.ts';
import type { RunRecord } from '../workflows/engine/run-records.ts';
import { describeSteps } from './describe-steps.ts';
import { messageReply } from './explain-message.ts';
import { offerReply } from './explain-offer.ts';
import { describeReason } from './reason-texts.ts';
import type { TimelineRecord } from './timeline.ts';

const NOT_STARTED: Record<NotStartedReason, string> = {
  'tenant-not-configured': 'The tenant had no configuration, so nothing was started.',
  stale: "It was older than the tenant's staleAfterHours when it arrived, so nothing was started.",
  'in-the-future': 'It says that it occurred more than an hour after it arrived: its time is wrong, so nothing was started.',
  unrecognised: 'Its name is none that is documented, so nothing was started.',
  'state-starts-nothing': 'Only the documented state of this notification starts a workflow.',
  'counter-not-configured': "Neither the tenant's configuration nor the defaults say what this counter's state means.",
  'counter-good': 'The counter is in a good state: good news starts nothing.',
  'workflow-off': 'The tenant has switched its workflow off.',
};

const OUTCOMES: Record<RunOutcome['outcome'], string> = {
  sent: 'sent its message',
  'not-sent': 'sent nothing',
  unknown: 'handed its message over and does not know what became of it; it is not sent again',
  recovered: 'sent nothing: the counter was good again before it spoke',
  merged: 'sent nothing of its own: the message about another event of the same quiet period says it',
  'part-of-episode': 'sent nothing of its own: the event is part of an episode that another event began',
  resolved: 'ended early: what it waited for happened',
  completed: 'ran to its end',
  'no-offer-configured': 'gave its notice; the tenant has no offer to follow it',
  'offer-started': 'gave its notice; whether an offer follows is told by retention-offer',
  'no-offer-fits': 'offered nothing: none of the offers is for this subscriber, its budget is spent, or marketing is paused',
  'held-out': 'offered nothing: the account is held out from the offer, to compare',
  redeemed: 'saw its offer accepted and given',
  expired: 'saw its offer expire',
  declined: 'saw its offer declined',
  superseded: 'saw a later offer take the place of its own',
  'denied-by-policy': 'could tell the subscriber of its offer on no channel',
  stuck: 'could not give what was accepted: operations decide',
  stale: 'sent nothing: it was started too late, and speaks of nothing that is past',
  failed: 'failed for good; the dead-letter queue of the workflows holds it',
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
  const first = before ? `When it arrived: ${NOT_STARTED[before]} ` : '';
  return { ...explanation, decidedAgain: { at, replay, before }, summary: `${first}A replay decided it again at ${at}. ${summary}` };
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
  stop: 'wants no more texts: consent to service and marketing texts was withdrawn',
  start: 'wants texts about the account again: consent to service texts was given',
  help: 'asked for help',
  yes: 'said yes',
};

const UNANSWERED: Record<string, string> = {
  'too-late': 'it could be told only when it was too late to answer',
  'no-template': 'nobody wrote the words of an answer',
  'template-failed': 'the template of an answer could not be rendered; fix it',
  unclear: 'nobody knows what it is an answer to',
  'another-account': 'another account with the same number got the answer',
  'offer-accepted': 'it accepted an offer, and the run of that offer says what becomes of it',
  'no-open-offer': 'there was no open offer to accept',
};

function describeAnswer(answer: ReplyRecord['answer']): string {
  if (answer === undefined) return 'The answer is being sent.';
  const because = answer.reason === undefined ? '' : (UNANSWERED[answer.reason] ?? describeReason(answer.reason));
  const texts = {
    accepted: 'The answer went to the carrier.',
    failed: `The answer did not go out: ${because}.`,
    unknown: `The answer may have gone out (${because}); it is not sent again.`,
    none: `There was no answer: ${because}.`,
  };
  return texts[answer.state];
}

function notStartedReply(event: RecordedEvent, workflow: WorkflowName, now: number): RunReply {
  const isTooLate = now - decidedAt(event) > STARTS_FOR_MILLISECONDS;
  const summary = isTooLate
    ? `${workflow} was never started; the dead-letter queue of the workflows says why.`
    : `${workflow} is starting, or waits until it can.`;
  return { eventId: event.id, workflow, state: isTooLate ? 'never-started' : 'starting', steps: [], waits: [], summary };
}

function describeRun(run: RunRecord): string {
  return [
    describeProgress(run),
    ...describeRepeats(run),
    ...(run.notes ?? []).flatMap(({ note }) => describePlanEnd(note) ?? describeConversion(note) ?? []),
  ].join(' ');
}

function describeRepeats({ repeats = 0, lastRepeatAt }: RunRecord): string[] {
  if (repeats === 0) return [];
  return [`${repeats === 1 ? 'One repeat' : `${repeats} repeats`} since, the last at ${lastRepeatAt}, sent nothing.`];
}

function describeProgress({ workflow, result, waits }: RunRecord): string {
  if (result) {
    const because = result.reason === undefined ? '' : ` (${describeReason(result.reason)})`;
    return `${workflow} ${OUTCOMES[result.outcome]}${because}.`;
  }
  const waiting = waits.at(-1);
  return waiting?.until ? `${workflow} is running; it waits until ${waiting.until} (${waiting.step}).` : `${workflow} is running.`;
}
