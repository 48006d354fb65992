import { randomBytes } from 'node:crypto';
import { type HttpReply, jsonReply } from '../http-server.ts';

/** The same for every tenant. */
export const credentials = { key: 'local', secret: 'local' };
const lifeSeconds = 3_600;

/** OAuth 2.0 client credentials (RFC 6749, 4.4). Tokens are in memory: a restart ends them. */
export function createOauth({ now }: { now: () => number }) {
  const tokens = new Map<string, number>();
  return {
    issue(authorization: string | undefined, body: string): HttpReply {
      const expected = `Basic ${Buffer.from(`${credentials.key}:${credentials.secret}`).toString('base64')}`;
      if (authorization !== expected) return jsonReply(401, { error: 'invalid_client' });
      if (new URLSearchParams(body).get('grant_type') !== 'client_credentials') return jsonReply(400, { error: 'unsupported_grant_type' });
      const token = randomBytes(24).toString('base64url');
      tokens.set(token, now() + lifeSeconds * 1_000);
      return jsonReply(200, { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds });
    },
    accepts(authorization: string | undefined): boolean {
      const token = authorization?.replace(/^Bearer /, '') ?? '';
      return now() < (tokens.get(token) ?? 0);
    },
    /** Totogi may end tokens at any time. */
    revoke: () => tokens.clear(),
  };
}
export type Oauth = ReturnType<typeof createOauth>;
