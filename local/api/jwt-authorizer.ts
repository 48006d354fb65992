import { errors, type JWTPayload, jwtVerify } from 'jose';
import { reasonOf } from '../startup-fault.ts';
import type { SigningKey } from './signing-key.ts';

export type JwtIdentity = { claims: Record<string, string>; scopes: string[] | null };

export type Authorization = { granted: true; identity: JwtIdentity } | { granted: false; status: 401 | 403; challenge: string };

export type JwtAuthorizer = (authorization: string | undefined, routeScopes: string[]) => Promise<Authorization>;

/**
 * Emulates a JWT authorizer with one local key: checks RS256 signature, key id, issuer, audience, scopes, and times by the given clock
 * (milliseconds).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function createJwtAuthorizer(options: { key: SigningKey; issuer: string; audience: string; now: () => number }): JwtAuthorizer {
  return async (authorization, routeScopes) => {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim();
    if (token === undefined || token === '') return { granted: false, status: 401, challenge: 'Bearer' };
    const verified = await verifyToken(token, options).then(
      (payload) => ({ payload }),
      (error) => ({ fault: faultOf(error) }),
    );
    if ('fault' in verified) return { granted: false, status: 401, challenge: challenge('', 'invalid_token', verified.fault) };
    if (!hasAnyScope(verified.payload, routeScopes)) {
      const wanted = challenge(routeScopes.join(' '), 'insufficient_scope', 'the token has none of the required scopes');
      return { granted: false, status: 403, challenge: wanted };
    }
    return { granted: true, identity: { claims: claimsAsText(verified.payload), scopes: routeScopes.length > 0 ? routeScopes : null } };
  };
}

async function verifyToken(token: string, { key, issuer, audience, now }: Parameters<typeof createJwtAuthorizer>[0]): Promise<JWTPayload> {
  const { payload } = await jwtVerify(
    token,
    (header) => {
      if (header.kid !== key.keyId) throw new errors.JWKSNoMatchingKey('the key id is not one of the issuer');
      return key.publicKey;
    },
    { algorithms: ['RS256'], issuer, currentDate: new Date(now()), requiredClaims: ['exp'] },
  );
  // The gateway checks client_id only when there is no aud.
  const audiences: unknown[] = [payload.aud ?? payload.client_id].flat();
  if (!audiences.includes(audience)) throw new errors.JWTClaimValidationFailed('the token does not have a valid audience', payload, 'aud');
  if (payload.iat !== undefined && payload.iat * 1000 > now())
    throw new errors.JWTClaimValidationFailed('the token is from the future', payload, 'iat');
  return payload;
}

function faultOf(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JOSEError) return error.message;
  throw new Error(`The token could not be checked: ${reasonOf(error)}`, { cause: error });
}

function challenge(scope: string, error: string, description: string): string {
  return `Bearer scope="${scope}" error="${error}" error_description="${description.replaceAll('"', "'")}"`;
}

function hasAnyScope(payload: JWTPayload, routeScopes: string[]): boolean {
  const value = payload.scope ?? payload.scp;
  const held = Array.isArray(value) ? value : String(value ?? '').split(' ');
  return routeScopes.length === 0 || routeScopes.some((scope) => held.includes(scope));
}

function claimsAsText(payload: JWTPayload): Record<string, string> {
  return Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, claimAsText(value)]));
}

/** The gateway passes every claim as text: a list as `[a b]`, an object as `map[k:v]`. */
function claimAsText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(claimAsText).join(' ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  const entries = Object.entries(value).map(([name, item]) => `${name}:${claimAsText(item)}`);
  return `map[${entries.sort().join(' ')}]`;
}
