import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import * as z from 'zod';
import type { SigningKey } from './signing-key.ts';

/** Like Cognito's access tokens, test tokens have `client_id` and no `aud`. */
export const localClientId = 'local';

/** Cognito's maximum. */
const lifeSeconds = 24 * 60 * 60;

export type TokenRequest = { tenant: string; scopes: string[] };

/** Without `scopes` a token gets all scopes of the packaged routes. */
export function tokenRequestSchema(allScopes: string[]) {
  return z.object({
    tenant: z
      .string('tenant must be text, for example "mvno-aurora"')
      .regex(
        /^(?:[A-Za-z0-9][A-Za-z0-9._-]{0,63}|-)$/,
        'tenant must be 1 to 64 letters, digits, dots, underscores or hyphens, and begin with a letter or digit (or be "-", for what names no tenant)',
      ),
    scopes: z
      .array(
        z
          .string('each of scopes must be text, for example "events:read"')
          .regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'each of scopes must be a scope name without spaces'),
        'scopes must be a list of scope names',
      )
      .default(allScopes),
  });
}

/** In the format of the deployed service's user pool. */
export function createTokenIssuer({
  key,
  issuer,
  now,
}: {
  key: SigningKey;
  issuer: string;
  now: () => number;
}): (request: TokenRequest) => Promise<string> {
  return ({ tenant, scopes }) => {
    const issuedAt = Math.floor(now() / 1000);
    const claims = { client_id: localClientId, token_use: 'access', tenant, scope: scopes.join(' ') };
    return new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: key.keyId, typ: 'JWT' })
      .setIssuer(issuer)
      .setSubject(randomUUID())
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + lifeSeconds)
      .sign(key.privateKey);
  };
}
