import { type Check, checkEach, type Evidence } from './check.ts';

export function checkTakenIn({ sentIn, record }: Evidence): Check[] {
  const valid = sentIn.entries.filter(({ sent }) => sent !== undefined);
  const invalid = sentIn.entries.filter(({ sent }) => sent === undefined);
  const sessions = new Map(sentIn.entries.map((entry) => [entry.session, entry]));
  return [
    checkEach('every valid notification is on record, once', 'in and record', valid, ({ session }) => {
      const times = record.notifications.get(session)?.length ?? 0;
      return times === 1 ? undefined : `${session} is on record ${times} times`;
    }),
    checkEach('nothing is on record that was not sent in', 'in and record', record.notifications.keys(), (session) =>
      sessions.get(session)?.sent === undefined ? `${session} was never sent as a valid notification` : undefined,
    ),
    checkEach('the record says what was sent', 'in and record', valid, ({ session, sent }) => {
      const [recorded] = record.notifications.get(session) ?? [];
      if (recorded === undefined || sent === undefined) return undefined;
      const fields = ['tenant', 'account', 'device', 'type', 'name', 'state'] as const;
      const other = fields.filter((field) => recorded[field] !== sent[field]);
      if (timeOfUlid(recorded.id) !== sent.occurredAt) return `${session} is recorded at another time`;
      return other.length === 0 ? undefined : `${session} has another ${other.join(', ')}`;
    }),
    checkEach('every invalid notification is in quarantine, once', 'in and record', invalid, ({ session, fault }) => {
      const times = record.quarantined.get(session) ?? 0;
      return times === 1 ? undefined : `${session} (${fault}) is in quarantine ${times} times`;
    }),
    checkEach('nothing else is in quarantine', 'in and record', record.quarantined.keys(), (session) =>
      sessions.get(session)?.fault === undefined ? `${session} was no invalid notification` : undefined,
    ),
    checkEach('what was decided is what the rules say', 'in and record', valid, ({ session, starts }) => {
      const [recorded] = record.notifications.get(session) ?? [];
      if (recorded === undefined || starts === undefined) return undefined;
      const expected = 'workflows' in starts ? starts.workflows.join(' and ') : `nothing, ${starts.reason}`;
      const decided = recorded.starts.length > 0 ? recorded.starts.join(' and ') : `nothing, ${recorded.reason}`;
      return decided === expected ? undefined : `${session} starts ${decided}; expected ${expected}`;
    }),
  ];
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_LETTERS = 10;

/** The time in a ULID, by its public definition: the first ten letters, base 32. */
function timeOfUlid(id: string): number {
  return [...id.slice(0, TIME_LETTERS)].reduce((time, letter) => time * CROCKFORD.length + CROCKFORD.indexOf(letter), 0);
}
