import { type CryptoKey, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';
import type { State } from '../state.ts';

export type SigningKey = { keyId: string; privateKey: CryptoKey; publicKey: CryptoKey; publicJwk: JWK };

const keyId = 'local';

/** Stored in the state, so that test tokens survive a restart. */
export async function loadSigningKey(state: State): Promise<SigningKey> {
  state.db.exec('CREATE TABLE IF NOT EXISTS signing_key (id TEXT PRIMARY KEY, jwk TEXT NOT NULL)');
  const stored = state.db.prepare('SELECT jwk FROM signing_key WHERE id = ?').get(keyId);
  const jwk: JWK = stored === undefined ? await newKey(state) : JSON.parse(String(stored.jwk));
  const { kty = 'RSA', n = '', e = '' } = jwk;
  const publicJwk = { kty, n, e, kid: keyId, alg: 'RS256', use: 'sig' };
  const [privateKey, publicKey] = await Promise.all([importJWK(jwk, 'RS256'), importJWK(publicJwk, 'RS256')]);
  return { keyId, privateKey: privateKey as CryptoKey, publicKey: publicKey as CryptoKey, publicJwk };
}

async function newKey(state: State): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  state.db.prepare('INSERT INTO signing_key (id, jwk) VALUES (?, ?)').run(keyId, JSON.stringify(jwk));
  return jwk;
}
