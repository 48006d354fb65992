import { decodeJwt, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { loadSigningKey, type SigningKey } from '../../local/api/signing-key.ts';
import { openState } from '../../local/state.ts';

/** A token that no route may take, and how it is refused. */
export type RejectedToken = { what: string; token: string; status: 401 | 403; challenge: string };

/** The key of the service that will be started with this state. */
export async function signingKeyOf(stateDirectory: string): Promise<SigningKey> {
  const state = openState(stateDirectory);
  try {
    return await loadSigningKey(state);
  } finally {
    state.close();
  }
}

/** Everything that is amiss with a token, each made of one that is good. */
export async function rejectedTokens(good: string, key: SigningKey): Promise<RejectedToken[]> {
  const claims = decodeJwt(good);
  const sign = (changed: Record<string, unknown>, privateKey = key.privateKey) =>
    new SignJWT({ ...claims, ...changed }).setProtectedHeader({ alg: 'RS256', kid: key.keyId, typ: 'JWT' }).sign(privateKey);
  const invalid = (what: string, token: string, words: string): RejectedToken => ({
    what,
    token,
    status: 401,
    challenge: `invalid_token.*${words}`,
  });
  const hour = 3_600;
  const { iat = 0 } = claims;
  return [
    invalid('of another issuer', await sign({ iss: 'https://elsewhere.example.com' }), 'iss'),
    invalid('for another client', await sign({ client_id: 'elsewhere' }), 'audience'),
    invalid('for another audience', await sign({ aud: 'elsewhere' }), 'audience'),
    invalid('that has expired', await sign({ iat: iat - 2 * hour, exp: iat - hour }), 'expired'),
    invalid('that never expires', await sign({ exp: undefined }), 'exp'),
    invalid('that is not valid yet', await sign({ nbf: iat + hour }), 'nbf'),
    invalid('that another key signed', await sign({}, (await generateKeyPair('RS256')).privateKey), 'signature'),
    invalid('without a signature (none)', unsigned(claims, key), ''),
    invalid('signed with the public key as a secret (HS256)', await signedByPublicKey(claims, key), ''),
    {
      what: 'that is an ID token',
      token: await sign({ token_use: 'id', aud: 'local', scope: undefined }),
      status: 403,
      challenge: 'insufficient_scope',
    },
  ];
}

function unsigned(claims: JWTPayload, { keyId }: SigningKey): string {
  const parts = [{ alg: 'none', kid: keyId, typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return `${parts.join('.')}.`;
}

function signedByPublicKey(claims: JWTPayload, { keyId, publicJwk }: SigningKey): Promise<string> {
  const secret = new TextEncoder().encode(publicJwk.n ?? '');
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: keyId, typ: 'JWT' }).sign(secret);
}
