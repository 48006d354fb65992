import * as z from 'zod';
import { TotogiNotDone, TotogiRateLimited } from './failures.ts';
import { type PostLimits, post } from './http-post.ts';
import type { ReadSecret } from './secrets.ts';

const OPERATION = 'token endpoint';
const DEADLINE_MILLISECONDS = 5_000;
/** A token is given up so long before it expires, so that none expires on its way. */
const MARGIN_SECONDS = 60;
/** Totogi does not publish how long a token lives; this is for an answer that does not say either. */
const LIFE_SECONDS_WHEN_UNSAID = 5 * 60;

/** Where a token comes from, and whose credentials it is for. */
export type TokenSource = { tokenUrl: string; tenant: string; secretName: string; scope: string | undefined };

/** The access tokens of a process, by their source. */
export type AccessTokens = {
  /** A token that is still good; concurrent callers share one request. */
  get(source: TokenSource): Promise<string>;
  /** Forgets a token that was refused, unless a newer one has taken its place. */
  drop(source: TokenSource, token: string): void;
};

const Credentials = z.object({ key: z.string().min(1), secret: z.string().min(1) });
const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().optional() });

type Kept = { token: string; goodUntil: number };

/**
 * Gets tokens by OAuth 2.0 client credentials and keeps each until shortly before it expires.
 *
 * @param readSecret the text of a tenant's secret: JSON with `key` and `secret`. Read again for each token, so that it can be rotated.
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

/** Without a token nothing is asked of Totogi, so whatever goes wrong here, nothing was done. */
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
  const credentials = readCredentials(text);
  if (!credentials) throw new TotogiNotDone(OPERATION, `no credentials in ${name}`);
  return credentials;
}

/** Key and secret from a secret's text; undefined where they are not in it. No error says why: that of a parser may quote the secret. */
export function readCredentials(text: string): z.infer<typeof Credentials> | undefined {
  try {
    return Credentials.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
