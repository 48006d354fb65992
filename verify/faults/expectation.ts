import type { TrafficEntry } from '../../tooling/traffic/traffic.ts';
import { offersOf } from './offers.ts';
import { TENANTS } from './tenants.ts';

export type SentNotification = {
  tenant: string;
  account: string;
  device: string | undefined;
  plan: string | undefined;
  /** The charging session. The generator uses each for one notification only, so it identifies the notification in all three ledgers. */
  session: string;
  name: string;
  state: string;
  type: string;
  /** Milliseconds since the epoch. */
  occurredAt: number;
};

type Detail = Record<string, unknown> & { eventdata?: Record<string, unknown> };

/** Parses a valid detail of the generator. It knows the generator's three spellings and uses none of the service's schemas. */
export function parseSent({ detail, type }: Pick<TrafficEntry, 'detail' | 'type'>): SentNotification {
  const sent = JSON.parse(detail) as Detail;
  const { eventdata } = sent;
  if (eventdata === undefined) {
    const { provider, account, device, session, counter, state, sk } = sent;
    return {
      ...texts({ tenant: provider, account, session, name: counter, state }),
      device: text(device),
      plan: undefined,
      type,
      occurredAt: Math.round(Number(sk) / 1e6),
    };
  }
  const information = (eventdata.notificationinformation ?? eventdata.notificationInformation) as Record<string, unknown>;
  const { chargingsessionidentifier: session } = eventdata.charginginformation as Record<string, unknown>;
  const notificationTexts = texts({
    tenant: sent.providerid,
    account: eventdata.accountid,
    session,
    name: information.name,
    state: information.state,
  });
  const { planid } = (information.notificationfields ?? {}) as Record<string, unknown>;
  const about = { device: text(eventdata.deviceid), plan: text(planid) };
  return { ...notificationTexts, ...about, type, occurredAt: Date.parse(String(sent.invocationtimestamp)) };
}

/** Takes any detail, valid or not, or a text that starts or ends elsewhere than a detail does. */
export function sessionOf(text: string): string {
  const { session } = /"(?:chargingsessionidentifier|session)":"(?<session>[^"]+)"/.exec(text)?.groups ?? {};
  if (session === undefined) throw new Error(`A text of ${text.length} characters names no session of the generator's.`);
  return session;
}

export type Starts = { workflows: string[]; startsOffer: boolean } | { reason: string };

/** From the documentation and the proof's configuration, not from the service's code. */
export function expectedStart(sent: SentNotification, isOld: boolean): Starts {
  if (!TENANTS.some(({ tenant, isConfigured }) => isConfigured && tenant === sent.tenant)) return { reason: 'tenant-not-configured' };
  if (isOld) return { reason: 'stale' };
  if (sent.type === 'Unrecognised') return { reason: 'unrecognised' };
  if (sent.type === 'CounterThreshold') return counterStart(sent);
  const workflow = DOCUMENTED[sent.type];
  if (workflow === undefined) throw new Error(`The generator made a ${sent.type}, of which the proof does not know what it starts.`);
  const triggers = offersOf(sent.tenant).map(({ trigger }) => trigger);
  const isOffered = triggers.some(({ notifications }) => notifications.some((type) => type === sent.type));
  const startsOffer = triggers.some(({ workflows }) => workflows.some((name) => name === workflow));
  return { workflows: isOffered ? [workflow, 'retention-offer'] : [workflow], startsOffer };
}

/** The generator sends each documented name in its documented state only. */
const DOCUMENTED: Record<string, string> = {
  PlanExpiryWarning: 'plan-expiry',
  PlanExpired: 'win-back',
  PlanCancelled: 'win-back',
  PlanRollover: 'rollover',
  OutOfCredit: 'credit-alert',
  AccountCreditWarning: 'credit-alert',
  AutoRenewSuccess: 'renewal-succeeded',
  AutoRenewFailure: 'renewal-failed',
  UnitAllowanceThreshold: 'low-allowance',
  NewPlanActivated: 'welcome',
};

function counterStart({ name, state }: SentNotification): Starts {
  if (!/Voice|Text|Data/.test(name)) return { reason: 'counter-not-configured' };
  return state === 'normal' ? { reason: 'counter-good' } : { workflows: ['low-allowance'], startsOffer: false };
}

function texts<Names extends string>(values: Record<Names, unknown>): Record<Names, string> {
  for (const [name, value] of Object.entries(values)) if (typeof value !== 'string') throw new Error(`The generator made no ${name}.`);
  return values as Record<Names, string>;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
