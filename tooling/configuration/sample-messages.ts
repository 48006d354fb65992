import * as z from 'zod';
import { messageVariables, type OfferVariables, type TemplateVariables } from '../../src/messaging/message-variables.ts';
import type { ReplyVariables } from '../../src/messaging/replies/reply-text.ts';
import { UNSUBSCRIBE_PLACE } from '../../src/messaging/unsubscribe-link.ts';
import type { CounterRule } from '../../src/schemas/configuration/counter-rule.ts';
import { CounterUnit } from '../../src/schemas/configuration/counter-unit.ts';
import type { MessageTemplate } from '../../src/schemas/configuration/published-configuration.ts';
import { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import { Notification } from '../../src/schemas/event/notification.ts';
import { DOCUMENTED_STATES, type NotificationType } from '../../src/schemas/event/notification-type.ts';
import type { RecordedEvent } from '../../src/schemas/event/recorded-event.ts';
import type { MessageKind } from '../../src/schemas/message/message-kind.ts';
import { OFFER_WORKFLOW } from '../../src/schemas/offer/offer-record.ts';
import { WorkflowName } from '../../src/schemas/run/workflow.ts';
import { REGISTRY } from '../../src/workflows/registry.ts';

const OCCURRED_AT = '2026-05-01T08:00:00.000Z';
const SUBSCRIBER = { name: 'Alexandra Morgan', timeZone: 'America/New_York' };
/** The longest name that a message shows, and one with letters that GSM-7 lacks: their cost is reported before anything is sent. */
const COSTLY_NAMES = ['Maximiliana Alexandra Montgomery-Hartley', 'Łucja Żółć'];

type Parts = { type: NotificationType; name?: string; state?: string; threshold?: number; fields?: Record<string, unknown> };

const THRESHOLDS: Record<CounterUnit, number> = { bytes: 524_288_000, seconds: 600, messages: 50, money: 12.5, percent: 80 };
const COUNTS: CounterRule['counts'][] = ['remaining', 'usage'];

/** Counters of every unit and both ways of counting, whatever counters the tenant has. */
const SAMPLE_COUNTERS: CounterRule[] = [...CounterUnit.options, undefined].flatMap((unit) =>
  COUNTS.map((counts) => ({
    names: [`${counts}-${unit}`],
    ...(unit && { unit }),
    counts,
    states: { low: 'low', critical: 'critical' } as const,
  })),
);

const counters: Omit<Parts, 'type'>[] = SAMPLE_COUNTERS.flatMap(({ names: [name = ''], unit }) => [
  { name, state: 'low', ...(unit && { threshold: THRESHOLDS[unit] }) },
  { name, state: 'critical', ...(unit && { threshold: THRESHOLDS[unit] }) },
]);
const everyUnit = [
  { type: 'data', quantity: 16_106_127_360 },
  { type: 'voice', quantity: 5_400 },
  { type: 'text', quantity: 150 },
];

/** Each value that Totogi may leave out is left out once. The fullest sample comes first. */
const SAMPLES: Partial<Record<NotificationType, Omit<Parts, 'type'>[]>> = {
  CounterThreshold: counters,
  OutOfCredit: [{ threshold: 0 }, {}],
  AccountCreditWarning: [{ threshold: THRESHOLDS.money }, {}],
  PlanRollover: [
    { fields: { rolloveramount: everyUnit, rollovergraceperiod: '30d' } },
    { fields: { rolloveramount: everyUnit.slice(0, 1) } },
    { fields: { rolloveramount: 2_147_483_648, rollovergraceperiod: 'P30D' } },
    {},
  ],
  NewPlanActivated: [{ fields: { planid: 'plan-gold-30' } }, {}],
};
/** For a workflow that follows others' events: these have the most to show. */
const EVENTS_OF_OTHERS: NotificationType[] = ['PlanExpired', 'PlanExpiryWarning', 'UnitAllowanceThreshold'];

function samplesOf(workflow: WorkflowName): Parts[] {
  const startedBy = REGISTRY.flatMap((one): readonly NotificationType[] => (one.name === workflow ? one.startedBy : []));
  const types = startedBy.length > 0 ? startedBy : EVENTS_OF_OTHERS;
  return types.flatMap((type) => (SAMPLES[type] ?? [{}]).map((parts) => ({ type, ...parts })));
}

/** Its link is as long as one at an AWS-generated address. */
const SAMPLE_OFFER: OfferVariables = {
  name: { en: 'a free month of Gold', es: 'un mes gratis de Gold' },
  link: 'https://abcdefghij.execute-api.us-east-1.amazonaws.com/o/Jq3v0sXkS1mZp7cR9tWb2A',
  hoursLeft: 72,
};

/** `what` describes the case in a report. */
export type SampleMessage = { what: string; variables: TemplateVariables };

/** The cases that a workflow's templates are rendered with: with and without a name, a time zone and optional settings. */
export function sampleMessages(
  workflow: WorkflowName,
  configuration: TenantConfiguration,
  context: { language: string; kind: MessageKind; name?: string | undefined; unsubscribe?: string | undefined },
): SampleMessage[] {
  return samplesOf(workflow).flatMap((parts) =>
    [configuration, ...withoutOptionalSettings(workflow, configuration)].flatMap((tenant) =>
      [{ ...SUBSCRIBER, ...context }, context, ...named(context)].map((plain) => {
        const subscriber = workflow === OFFER_WORKFLOW ? { ...plain, offer: SAMPLE_OFFER } : plain;
        const event = sampleEvent(parts);
        const published = { version: 'sample', configuration: { ...tenant, counters: SAMPLE_COUNTERS }, templates: {}, offers: [] };
        return { what: `${parts.name ?? parts.type}, ${context.kind}`, variables: messageVariables(event, published, subscriber) };
      }),
    ),
  );
}

/** A preview with a given name uses only that name. */
function named<Context extends { name?: string | undefined }>(context: Context): (Context & typeof SUBSCRIBER)[] {
  return context.name === undefined ? COSTLY_NAMES.map((name) => ({ ...SUBSCRIBER, ...context, name })) : [];
}

/** None if the workflow has no optional settings. */
function withoutOptionalSettings(workflow: WorkflowName, configuration: TenantConfiguration): TenantConfiguration[] {
  const shape = REGISTRY.find(({ name }) => name === workflow)?.settings.shape ?? {};
  const optional = Object.entries(shape).flatMap(([name, setting]) => (setting instanceof z.ZodOptional ? [name] : []));
  if (optional.length === 0) return [];
  const needed = Object.entries(configuration.workflows[workflow]).filter(([name]) => !optional.includes(name));
  return [{ ...configuration, workflows: { ...configuration.workflows, [workflow]: Object.fromEntries(needed) } }];
}

function sampleEvent({ type, name = type, state, threshold, fields = {} }: Parts): RecordedEvent {
  const documented = type in DOCUMENTED_STATES ? DOCUMENTED_STATES[type as keyof typeof DOCUMENTED_STATES] : 'low';
  const common = { tenant: 'sample', account: 'sample', occurredAt: OCCURRED_AT };
  const notification = Notification.parse({ ...common, type, name, state: state ?? documented, threshold, fields });
  return { id: 'sample', notification, receivedAt: OCCURRED_AT, decision: { start: [] }, original: undefined };
}

/** Only a marketing email has a link to unsubscribe. */
export function unsubscribeSample({ class: messageClass }: Pick<MessageTemplate, 'class'>, template: string): string | undefined {
  return messageClass === 'marketing' && template.endsWith('.email') ? UNSUBSCRIBE_PLACE : undefined;
}

/** The template that replies to an inbound text. */
export const REPLY_TEMPLATE = 'sms-reply.sms';

/** The confirmation of an accepted offer: it is about the account, so its class may differ from the offer's. */
export const OFFER_REDEEMED = 'offer-redeemed';

/** Templates of single offers: `retention-offer.<name>.<channel>`, and `offer-redeemed.<name>.sms`. */
const OFFERS_OWN = /^(?:retention-offer\.([a-z0-9][a-z0-9-]{0,39})\.(?:sms|email)|offer-redeemed\.([a-z0-9][a-z0-9-]{0,39})\.sms)$/;

/** The offer template that a file is for, or undefined for the shared ones. Takes the name without the language. */
export function ownWordsOf(template: string): string | undefined {
  const [, offered, redeemed] = OFFERS_OWN.exec(template) ?? [];
  return offered ?? redeemed;
}

/** Takes the name without the language. */
export function workflowOf(template: string): WorkflowName {
  const [name = ''] = template.split('.');
  return WorkflowName.parse(name === OFFER_REDEEMED ? OFFER_WORKFLOW : name);
}

/** The cases that reply templates are rendered with. */
export function sampleReplies({ name }: Pick<TenantConfiguration, 'name'>): { what: string; variables: ReplyVariables }[] {
  return (['stopped', 'started', 'help'] as const).map((reply) => ({ what: `reply ${reply}`, variables: { brand: name, reply } }));
}

const EXAMPLE = TenantConfiguration.parse({ tenant: 'example', name: 'Example' });

/** Every message has the same variables, and making all samples of a workflow takes long. */
let namesInMessages: string[] | undefined;

export function variableNames(template: string): string[] {
  if (template === REPLY_TEMPLATE) return namesIn(sampleReplies(EXAMPLE));
  namesInMessages ??= namesIn(sampleMessages(REGISTRY[0].name, EXAMPLE, { language: EXAMPLE.language, kind: 'notice' }));
  return namesInMessages;
}

function namesIn([first]: { variables: object }[]): string[] {
  return Object.keys(first?.variables ?? {}).toSorted();
}
