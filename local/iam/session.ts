import * as z from 'zod';
import { PolicyStatement } from './policy.ts';

/** Who asks under temporary credentials: the tags of the session, and what its role allows. */
const Session = z.object({ tags: z.record(z.string(), z.string()), statements: z.array(PolicyStatement) });
export type Session = z.infer<typeof Session>;

const PREFIX = 'local-session.';

/** A session as the token that comes with every request under it: whoever reads it needs to ask nobody. */
export function writeSessionToken(session: Session): string {
  return `${PREFIX}${Buffer.from(JSON.stringify(session)).toString('base64url')}`;
}

/** The session of a request's token, or undefined where the request is under credentials of another kind. */
export function parseSessionToken(token: unknown): Session | undefined {
  if (typeof token !== 'string' || !token.startsWith(PREFIX)) return undefined;
  return Session.parse(JSON.parse(Buffer.from(token.slice(PREFIX.length), 'base64url').toString()));
}
