import * as z from 'zod';
import { PolicyStatement } from './policy.ts';

const Session = z.object({ tags: z.record(z.string(), z.string()), statements: z.array(PolicyStatement) });
export type Session = z.infer<typeof Session>;

const PREFIX = 'local-session.';

/** The token contains the whole session, so that readers need no store. */
export function writeSessionToken(session: Session): string {
  return `${PREFIX}${Buffer.from(JSON.stringify(session)).toString('base64url')}`;
}

/** Undefined for credentials of another kind. */
export function parseSessionToken(token: unknown): Session | undefined {
  if (typeof token !== 'string' || !token.startsWith(PREFIX)) return undefined;
  return Session.parse(JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString()));
}
