import { interpretCounter } from '../configuration/counter-meaning.ts';
import { HOUR } from '../platform/duration.ts';
import type { PublishedConfiguration } from '../schemas/configuration/published-configuration.ts';
import type { TenantConfiguration } from '../schemas/configuration/tenant-configuration.ts';
import type { Notification } from '../schemas/event/notification.ts';
import type { RecordedEvent } from '../schemas/event/recorded-event.ts';
import type { MessageKind } from '../schemas/message/message-kind.ts';
import { WORKFLOW_OF } from '../schemas/run/workflow.ts';
import { humanAmount } from './human-amount.ts';
import { humanHours, humanPeriod } from './human-period.ts';
import { plainName, plainPlan } from './plain-text.ts';
import { rolledOver } from './rolled-over.ts';

const HOUR_SECONDS = HOUR / 1_000;
const DAY_HOURS = 24;

/**
 * What a template may name. Marketing depends on these, so they only gain members. An unknown value is null or an empty list, never
 * undefined: a template can test for it, and a misspelt name is still an error.
 */
export type TemplateVariables = {
  /** The tenant's name as subscribers know it. */
  brand: string;
  /** Plain words, at most 40 characters. */
  name: string | null;
  type: string;
  kind: MessageKind;
  language: string;
  /** `low` or `critical`. */
  level: string;
  /** `bytes`, `seconds`, `messages`, `money` or `percent`. */
  unit: string | null;
  /** Whether the amount is what is `remaining` or the `usage` so far. */
  counts: string;
  /** The threshold in human words; null if its unit is unknown. */
  amount: string | null;
  /** The ID of the activated plan: plain words, at most 40 characters. */
  plan: string | null;
  /** One entry per unit; empty if no unit is known. */
  rollover: { amount: string; unit: string }[];
  /** How long the rolled-over allowance lasts, such as "30 days". */
  validity: string | null;
  /** The time from this message to the plan's end, such as "3 days". */
  endsIn: string | null;
  /** The local date on which the plan ends or the retries of a failed renewal stop; null if the subscriber's location is unknown. */
  ends: string | null;
  graceDays: number;
  /** The unsubscribe link of a marketing email; null in every other message. */
  unsubscribe: string | null;
  /** The offer's name; null in every message that is not about one. */
  offer: string | null;
  /** The link that accepts the offer; null in every other message. */
  offerLink: string | null;
  /** How long the offer stays open from this message on, such as "3 days". */
  offerEndsIn: string | null;
};

export type OfferVariables = { name: Record<string, string>; link: string | undefined; hoursLeft: number };

export type RenderContext = {
  language: string;
  kind: MessageKind;
  name?: string | undefined;
  timeZone?: string | undefined;
  unsubscribe?: string | undefined;
  /** `planEnds` is the plan's end from Totogi's account (RFC 3339); `at` is when the message goes (milliseconds since the epoch). */
  planEnds?: string | undefined;
  at?: number | undefined;
  offer?: OfferVariables | undefined;
};

export function messageVariables(event: RecordedEvent, published: PublishedConfiguration, context: RenderContext): TemplateVariables {
  const { notification } = event;
  const { configuration } = published;
  const { language, kind } = context;
  const counter = interpretCounter(notification, configuration);
  return {
    brand: configuration.name,
    name: plainName(context.name),
    type: notification.type,
    kind,
    language,
    level: counter?.meaning ?? 'low',
    unit: counter?.unit ?? null,
    counts: counter?.counts ?? 'remaining',
    amount: humanAmount(notification.threshold, counter?.unit, language, configuration.currency) ?? null,
    plan: notification.type === 'NewPlanActivated' ? plainPlan(notification.fields.planid) : null,
    rollover: rolloverAmounts(notification, configuration, language),
    validity: (notification.type === 'PlanRollover' && humanPeriod(notification.fields.rollovergraceperiod, language)) || null,
    endsIn: timeToEnd(notification, configuration, context),
    ends: endDate(notification, configuration, context),
    graceDays: configuration.workflows[WORKFLOW_OF.AutoRenewFailure].graceDays,
    unsubscribe: context.unsubscribe ?? null,
    offer: (context.offer && offerName(context.offer, language, configuration)) ?? null,
    offerLink: context.offer?.link ?? null,
    offerEndsIn: (context.offer && humanHours(context.offer.hoursLeft, language)) ?? null,
  };
}

export function offerName(
  { name }: Pick<OfferVariables, 'name'>,
  language: string,
  configuration: Pick<TenantConfiguration, 'language'>,
): string | undefined {
  return name[language] ?? name[language.split('-')[0] ?? language] ?? name[configuration.language] ?? Object.values(name)[0];
}

function rolloverAmounts(notification: Notification, configuration: TenantConfiguration, language: string): TemplateVariables['rollover'] {
  if (notification.type !== 'PlanRollover') return [];
  return rolledOver(notification.fields.rolloveramount, configuration.workflows[WORKFLOW_OF.PlanRollover].unit).flatMap(
    ({ unit, quantity }) => {
      const amount = humanAmount(quantity, unit, language, configuration.currency);
      return amount === undefined ? [] : [{ amount, unit }];
    },
  );
}

/**
 * Counted from when the message goes, so it needs no time zone: at once for a notice, and the configured hours before the end for a
 * reminder.
 */
function timeToEnd(
  notification: Notification,
  configuration: TenantConfiguration,
  { language, kind, planEnds, at }: RenderContext,
): string | null {
  const { leadTimeHours, reminderHoursBefore, waitSeconds } = configuration.workflows[WORKFLOW_OF.PlanExpiryWarning];
  if (notification.type !== 'PlanExpiryWarning' || kind === 'confirmation') return null;
  // To the nearest hour, so that the moments since the warning take no hour off.
  if (planEnds !== undefined && at !== undefined) return humanHours(Math.round((Date.parse(planEnds) - at) / HOUR), language) ?? null;
  if (leadTimeHours === undefined) return null;
  const hours = kind === 'reminder' ? reminderHoursBefore : leadTimeHours - waitSeconds / HOUR_SECONDS;
  return humanHours(hours, language) ?? null;
}

/** A date differs between zones, so there is none if the subscriber's zone is unknown. */
function endDate(
  notification: Notification,
  { workflows }: TenantConfiguration,
  { language, timeZone, planEnds }: RenderContext,
): string | null {
  const hours = hoursToEnd(notification, workflows);
  const byHours = hours === undefined ? undefined : Date.parse(notification.occurredAt) + hours * HOUR;
  const end = planEnds !== undefined && notification.type === 'PlanExpiryWarning' ? Date.parse(planEnds) : byHours;
  if (end === undefined || timeZone === undefined) return null;
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone }).format(end);
}

function hoursToEnd({ type }: Notification, workflows: TenantConfiguration['workflows']): number | undefined {
  if (type === 'PlanExpiryWarning') return workflows[WORKFLOW_OF.PlanExpiryWarning].leadTimeHours;
  return type === 'AutoRenewFailure' ? workflows[WORKFLOW_OF.AutoRenewFailure].graceDays * DAY_HOURS : undefined;
}
