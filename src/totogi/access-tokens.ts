import * as z from 'zod';
import { parseJson } from '../platform/parse-json.ts';
import { TotogiNotDone, TotogiRateLimited } from './failures.ts';
import { type PostLimits, post } from './http-post.ts';
import type { ReadSecret } from './secrets.ts';

const OPERATION = 'token endpoint';
const DEADLINE_MILLISECONDS = 5_000;
/** Tokens are renewed this early, so that none expires in transit. */
const MARGIN_SECONDS = 60;
/** Totogi does not document the lifetime; used when the reply has none. */
const LIFE_SECONDS_WHEN_UNSAID = 5 * 60;

export type TokenSource = { tokenUrl: string; tenant: string; secretName: string; scope: string | undefined };

export type AccessTokens = {
  /** A valid token. Concurrent callers share one request. */
  get(source: TokenSource): Promise<string>;
  /** Drops a rejected token, unless a newer one has replaced it. */
  drop(source: TokenSource, token: string): void;
};

const Credentials = z.object({ key: z.string().min(1), secret: z.string().min(1) });
const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

type Kept = { token: string; goodUntil: number };

/**
 * Gets tokens by OAuth 2.0 client credentials and caches each until shortly before it expires.
 *
 * @param readSecret returns a tenant's secret: JSON with `key` and `secret`. Called for each new token, so that the secret can be rotated.
 */
export function createAccessTokens(readSecret: ReadSecret, limits: PostLimits): AccessTokens {
  const kept = new Map<string, Kept>();
  const underWay = new Map<string, Promise<Kept>>();

  async function renew(source: TokenSource, id: string): Promise<Kept> {
    const running = underWay.get(id) ?? requestToken(source, readSecret, limits).finally(() => underWay.delete(id));
    underWay.set(id, running);
    const renewed = await running;
    kept.set(id, renewed);
    return renewed;
  }

  return {
    async get(source) {
      const id = idOf(source);
      const known = kept.get(id);
      return (known && limits.now() < known.goodUntil ? known : await renew(source, id)).token;
    },
    drop(source, token) {
      const id = idOf(source);
      if (kept.get(id)?.token === token) kept.delete(id);
    },
  };
}

function idOf({ tokenUrl, tenant, scope }: TokenSource): string {
  return JSON.stringify([tokenUrl, tenant, scope]);
}

/** Nothing is done in Totogi without a token, so every failure here is TotogiNotDone, or TotogiRateLimited. */
async function requestToken(source: TokenSource, readSecret: ReadSecret, limits: PostLimits): Promise<Kept> {
  const { key, secret } = await credentialsOf(readSecret, source);
  const form = new URLSearchParams({ grant_type: 'client_credentials', ...(source.scope && { scope: source.scope }) });
  const headers = {
    authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
    'content-type': 'application/x-www-form-urlencoded',
  };
  const request = {
    operation: OPERATION,
    url: source.tokenUrl,
    headers,
    body: form.toString(),
    deadlineMilliseconds: DEADLINE_MILLISECONDS,
  };
  const askedAt = limits.now();
  const reply = await post(request, limits).catch((error) => {
    throw error instanceof TotogiRateLimited ? error : new TotogiNotDone(OPERATION, 'no token', { cause: error });
  });
  const parsed = TokenReply.safeParse(reply.unauthorized ? undefined : reply.json);
  if (!parsed.success) throw new TotogiNotDone(OPERATION, reply.unauthorized ? 'credentials refused' : 'unreadable');
  const { access_token: token, expires_in: lifeSeconds = LIFE_SECONDS_WHEN_UNSAID } = parsed.data;
  return { token, goodUntil: askedAt + Math.max(lifeSeconds - MARGIN_SECONDS, lifeSeconds / 2) * 1_000 };
}

async function credentialsOf(readSecret: ReadSecret, { tenant, secretName: name }: TokenSource) {
  const text = await readSecret(tenant).catch((error) => {
    throw new TotogiNotDone(OPERATION, `no credentials in ${name}`, { cause: error });
  });
  const credentials = parseCredentials(text);
  if (!credentials) throw new TotogiNotDone(OPERATION, `no credentials in ${name}`);
  return credentials;
}

/** Undefined for invalid text. The parser's error is dropped, because it may quote the secret. */
export function parseCredentials(text: string): z.infer<typeof Credentials> | undefined {
  return Credentials.safeParse(parseJson(text)).data;
}
