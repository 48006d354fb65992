import type { SentNotification } from '../expectation.ts';
import { type Check, checkEach, type Evidence } from './check.ts';

/** From docs/configuration.md: events within this many minutes on the same device and plan are one episode. */
const EPISODE_MINUTES: Record<string, number> = { 'renewal-succeeded': 10, welcome: 10, 'win-back': 30, rollover: 30 };
/** Episodes that last until something ends them, and include later events. */
const LASTING = new Set(['plan-expiry', 'renewal-failed']);
/** Outcomes of runs that opened no episode. */
const SENDS_NOTHING = new Set(['part-of-episode', 'stale']);
const MINUTE_MILLISECONDS = 60_000;

export type KnownEpisodes = {
  sentIn: Pick<Evidence['sentIn'], 'entries'>;
  record: Pick<Evidence['record'], 'notifications' | 'runs' | 'messages'>;
};

/** Each event that is part of an episode belongs to another event's, and each episode has only one. */
export function checkEpisodes({ sentIn, record }: KnownEpisodes): Check[] {
  const sentAs = new Map(
    sentIn.entries.flatMap(({ session, sent }) => (record.notifications.get(session) ?? []).map(({ id }) => [id, sent] as const)),
  );
  const absorbed = [...record.runs].filter(([, { outcome }]) => outcome === 'part-of-episode');
  return [
    checkEach('what was absorbed is part of the episode of another event', 'in and record', absorbed, ([run, { event = '' }]) => {
      const [eventId = '', workflow = ''] = run.split('#');
      const [sent, other] = [sentAs.get(eventId), sentAs.get(event)];
      if (sent === undefined || other === undefined || event === eventId) return `${run} was absorbed by ${event}, which is no other event`;
      const opener = record.runs.get(`${event}#${workflow}`);
      if (opener === undefined) return `${run} was absorbed by ${event}, which started no ${workflow}`;
      if (SENDS_NOTHING.has(opener.outcome ?? '')) return `${run} was absorbed by ${event}, which is ${opener.outcome} itself`;
      return isSameEpisode(workflow, sent, other) ? undefined : `${run} was absorbed by ${event}, which is of another episode`;
    }),
    checkSentOnce(sentAs, record.messages),
  ];
}

function isSameEpisode(workflow: string, one: SentNotification, other: SentNotification): boolean {
  if (one.tenant !== other.tenant || one.account !== other.account) return false;
  return LASTING.has(workflow) || isOneEpisode(workflow, one, other);
}

function isOneEpisode(workflow: string, one: SentNotification, other: SentNotification): boolean {
  const minutes = EPISODE_MINUTES[workflow] ?? 0;
  const isAboutTheSame = one.device === other.device && one.plan === other.plan;
  return isAboutTheSame && Math.abs(one.occurredAt - other.occurredAt) < minutes * MINUTE_MILLISECONDS;
}

/** Two events of one episode must not have the same message. A renewal that ends a failure has its own message. */
function checkSentOnce(sentAs: Map<string, SentNotification | undefined>, messages: KnownEpisodes['record']['messages']): Check {
  const ofEpisodes = messages.filter(({ workflow }) => EPISODE_MINUTES[workflow] !== undefined);
  const alike = Map.groupBy(ofEpisodes, ({ tenant, account, claim }) => [tenant, account, ...claim.split('#').slice(1)].join(' '));
  return checkEach('no episode was told twice', 'in and record', ofEpisodes, ({ tenant, account, claim, workflow, eventId }) => {
    const sent = sentAs.get(eventId);
    const others = alike.get([tenant, account, ...claim.split('#').slice(1)].join(' ')) ?? [];
    const again = others.find((other) => {
      const otherSent = sentAs.get(other.eventId);
      return other.eventId > eventId && sent && otherSent && isOneEpisode(workflow, sent, otherSent);
    });
    return again && `${claim} and ${again.claim} tell one episode`;
  });
}
