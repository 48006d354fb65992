import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';

const TENANT = 'mvno-aurora';
const ACCOUNT = 'acc-2001';
const BUS = 'totogi-notifications';
const PATIENCE_MILLISECONDS = 60_000;
const LOOK_MILLISECONDS = 200;

const Listed = z.object({ data: z.array(z.looseObject({ id: z.string() })) });
const Token = z.object({ token: z.string() });
const Outbox = z.object({ data: z.array(z.object({ text: z.string() })) });

/** Tokens of a tenant and of an operator. `known` has existing values by path parameter. */
export type World = {
  token: string;
  operatorToken: string;
  known: Record<string, string[]>;
  /** A valid detail of an event. */
  detail: unknown;
};

type Addresses = { apiUrl: string; awsUrl: string };

/** Creates a subscriber with a profile and a history, and a quarantined event, so that requests find something. */
export async function fillService({ apiUrl, awsUrl }: Addresses): Promise<World> {
  // Marketing only goes out by day.
  const advanceSeconds = secondsUntilNoon();
  await askFor(`${apiUrl}/local/clock`, { method: 'POST', body: JSON.stringify({ advanceSeconds }) });
  const [token, operatorToken] = await Promise.all([tokenFor(apiUrl, TENANT), tokenFor(apiUrl, '-')]);
  const ask = (path: string, init: RequestInit = {}) =>
    askFor(`${apiUrl}/v1/tenants/${TENANT}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    });
  await ask(`/accounts/${ACCOUNT}/profile`, { method: 'PUT', body: JSON.stringify(profile) });
  const account = { tenant: TENANT, account: ACCOUNT, churnScore: 0.9 };
  await askFor(`${apiUrl}/local/totogi/accounts`, { method: 'POST', body: JSON.stringify(account) });
  const details = eventDetails(Date.now() + advanceSeconds * 1_000);
  await putEvents(awsUrl, details);
  const links = await whenThere(async () => linksOf(Outbox.parse(await askFor(`${apiUrl}/local/outbox`)).data.map(({ text }) => text)));
  const events = Listed.parse(await ask(`/accounts/${ACCOUNT}/events`)).data;
  const quarantined = Listed.parse(await ask('/quarantine')).data;
  const offers = Listed.parse(await ask('/offers')).data;
  const idsOf = (rows: { id: string }[]) => rows.map(({ id }) => id);
  return {
    token,
    operatorToken,
    detail: details[0],
    known: { account: [ACCOUNT], eventId: idsOf(events), id: idsOf(quarantined), offer: idsOf(offers), token: links },
  };
}

const agreed = { given: true, source: 'conformance', at: '2026-04-02T10:00:00Z' };
const profile = {
  phone: '+14155550123',
  email: 'ada@example.com',
  language: 'en',
  country: 'US',
  region: 'CA',
  timeZone: 'America/Los_Angeles',
  consents: { marketing: { sms: agreed, email: agreed } },
};

/** Until the next noon at the subscriber's location; a full day if it is noon now, since the clock only moves ahead. */
function secondsUntilNoon(): number {
  const hour = Number(new Intl.DateTimeFormat('en-US', { hour: 'numeric', hourCycle: 'h23', timeZone: profile.timeZone }).format());
  return (((35 - hour) % 24) + 1) * 3_600;
}

function eventDetails(now: number): unknown[] {
  const names = [
    ['PlanExpired', 'expired'],
    ['AutoRenewFailure', 'renewFailure'],
    ['OutOfCredit', 'outOfCredit'],
    ['', 'low'],
  ];
  return names.map(([name, state]) => ({
    providerid: TENANT,
    invocationtimestamp: new Date(now).toISOString(),
    eventdata: { accountid: ACCOUNT, notificationinformation: { name, state } },
  }));
}

async function putEvents(endpoint: string, details: unknown[]): Promise<void> {
  const bus = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials: { accessKeyId: 'any', secretAccessKey: 'any' } });
  const entry = { EventBusName: BUS, Source: 'totogi', DetailType: 'Notification' };
  await bus.send(new PutEventsCommand({ Entries: details.map((detail) => ({ ...entry, Detail: JSON.stringify(detail) })) }));
  bus.destroy();
}

/** The tokens of offer and unsubscribe links, which only the subscriber gets. */
function linksOf(texts: string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(/\/[ou]\/([A-Za-z0-9_-]+)/g)].map(([, token]) => token ?? ''));
}

async function whenThere(look: () => Promise<string[]>): Promise<string[]> {
  for (const end = performance.now() + PATIENCE_MILLISECONDS; performance.now() < end; ) {
    const found = await look();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
  throw new Error('The service made no offer, so there is no link to try.');
}

async function tokenFor(apiUrl: string, tenant: string): Promise<string> {
  return Token.parse(await askFor(`${apiUrl}/local/token`, { method: 'POST', body: JSON.stringify({ tenant }) })).token;
}

async function askFor(url: string, init: RequestInit = {}): Promise<unknown> {
  const response = await fetch(url, init);
  if (!response.ok) throw new Error(`${init.method ?? 'GET'} ${new URL(url).pathname} answered ${response.status}.`);
  return response.json();
}
