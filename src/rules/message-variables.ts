import type { MessageKind } from '../schemas/message.ts';
import type { Notification } from '../schemas/notification.ts';
import type { PublishedConfiguration } from '../schemas/published-configuration.ts';
import type { RecordedEvent } from '../schemas/recorded-event.ts';
import type { TenantConfiguration } from '../schemas/tenant-configuration.ts';
import { interpretCounter } from './counter-meaning.ts';
import { humanAmount } from './human-amount.ts';
import { humanHours, humanPeriod } from './human-period.ts';
import { plainName, plainPlan } from './plain-text.ts';
import { rolledOver } from './rolled-over.ts';

const HOUR_MILLISECONDS = 3_600_000;
const HOUR_SECONDS = 3_600;
const DAY_HOURS = 24;

/**
 * What a template may name. Marketing writes against these, so they only ever gain members. None is ever undefined: what is unknown
 * is null, or an empty list, so that a template can ask for it and a misspelt name is still a fault.
 */
export type TemplateVariables = {
  /** The tenant's name as subscribers know it. */
  brand: string;
  /** The subscriber's name: plain words of at most 40 characters. */
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
  /** The threshold in human words; null where its unit is unknown. */
  amount: string | null;
  /** The id of the plan that was activated: plain words of at most 40 characters. */
  plan: string | null;
  /** What was rolled over, one entry per unit; empty where no unit is known. */
  rollover: { amount: string; unit: string }[];
  /** How long what was rolled over lasts, such as "30 days". */
  validity: string | null;
  /** How long until the plan ends as this message goes, such as "3 days". */
  endsIn: string | null;
  /** The date at the subscriber's place when the plan ends, or when a failed renewal is tried no more; null where the place is unknown. */
  ends: string | null;
  /** For how many days a failed renewal is tried again. */
  graceDays: number;
  /** Where the reader of a marketing email unsubscribes; null in every other message. */
  unsubscribe: string | null;
  /** The offer's name; null in every message that is about none. */
  offer: string | null;
  /** Where the offer is accepted; null in every message but an offer. */
  offerLink: string | null;
  /** How long the offer can still be accepted as this message goes, such as "3 days". */
  offerEndsIn: string | null;
};

export type OfferVariables = { name: Record<string, string>; link: string | undefined; hoursLeft: number };

/** Whom a message is told to, in which language, and what it does in its run. `timeZone` is an IANA zone. */
export type RenderContext = {
  language: string;
  kind: MessageKind;
  name?: string | undefined;
  timeZone?: string | undefined;
  unsubscribe?: string | undefined;
  /** When the plan ends, where Totogi's account says so (RFC 3339), and when the message goes (milliseconds since the epoch). */
  planEnds?: string | undefined;
  at?: number | undefined;
  offer?: OfferVariables | undefined;
};

/** Everything a template may name, for any workflow's message about an event. */
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
    graceDays: configuration.workflows['renewal-failed'].graceDays,
    unsubscribe: context.unsubscribe ?? null,
    offer: (context.offer && offerName(context.offer, language, configuration)) ?? null,
    offerLink: context.offer?.link ?? null,
    offerEndsIn: (context.offer && humanHours(context.offer.hoursLeft, language)) ?? null,
  };
}

/** Its name in the message's language, or in the tenant's own. */
export function offerName(
  { name }: Pick<OfferVariables, 'name'>,
  language: string,
  configuration: Pick<TenantConfiguration, 'language'>,
): string | undefined {
  return name[language] ?? name[language.split('-')[0] ?? language] ?? name[configuration.language] ?? Object.values(name)[0];
}

function rolloverAmounts(notification: Notification, configuration: TenantConfiguration, language: string): TemplateVariables['rollover'] {
  if (notification.type !== 'PlanRollover') return [];
  return rolledOver(notification.fields.rolloveramount, configuration.workflows.rollover.unit).flatMap(({ unit, quantity }) => {
    const amount = humanAmount(quantity, unit, language, configuration.currency);
    return amount === undefined ? [] : [{ amount, unit }];
  });
}

/** Told from when the message goes, so it needs no time zone: at once, or so long before the end as the reminder is set to. */
function timeToEnd(
  notification: Notification,
  configuration: TenantConfiguration,
  { language, kind, planEnds, at }: RenderContext,
): string | null {
  const { leadTimeHours, reminderHoursBefore, waitSeconds } = configuration.workflows['plan-expiry'];
  if (notification.type !== 'PlanExpiryWarning' || kind === 'confirmation') return null;
  // To the nearest hour: what took a moment since the warning takes no hour off.
  if (planEnds !== undefined && at !== undefined)
    return humanHours(Math.round((Date.parse(planEnds) - at) / HOUR_MILLISECONDS), language) ?? null;
  if (leadTimeHours === undefined) return null;
  const hours = kind === 'reminder' ? reminderHoursBefore : leadTimeHours - waitSeconds / HOUR_SECONDS;
  return humanHours(hours, language) ?? null;
}

/** A date is another one a few zones on, so without the subscriber's zone none is named. */
function endDate(
  notification: Notification,
  { workflows }: TenantConfiguration,
  { language, timeZone, planEnds }: RenderContext,
): string | null {
  const hours = hoursToEnd(notification, workflows);
  const byHours = hours === undefined ? undefined : Date.parse(notification.occurredAt) + hours * HOUR_MILLISECONDS;
  const end = planEnds !== undefined && notification.type === 'PlanExpiryWarning' ? Date.parse(planEnds) : byHours;
  if (end === undefined || timeZone === undefined) return null;
  return new Intl.DateTimeFormat(language, { day: 'numeric', month: 'long', timeZone }).format(end);
}

function hoursToEnd({ type }: Notification, workflows: TenantConfiguration['workflows']): number | undefined {
  if (type === 'PlanExpiryWarning') return workflows['plan-expiry'].leadTimeHours;
  return type === 'AutoRenewFailure' ? workflows['renewal-failed'].graceDays * DAY_HOURS : undefined;
}
