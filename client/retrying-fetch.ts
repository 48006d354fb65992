import { type ApiProblem, parseProblem } from './api-problem.ts';

export type RetryOptions = {
  /** How often a request is sent at most. */
  attempts: number;
  /** The longest wait between two attempts. Where the API asks for a longer one, its refusal is thrown. */
  maxWaitSeconds: number;
  wait: (seconds: number) => Promise<void>;
  /** 0 to 1: spreads clients that were refused at one moment. */
  random: () => number;
};

const defaults: RetryOptions = {
  attempts: 5,
  maxWaitSeconds: 30,
  wait: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1_000)),
  random: Math.random,
};

const FIRST_WAIT_SECONDS = 0.5;
const RETRIED = new Set([429, 503]);

/**
 * A `fetch` that tries again what was throttled or not available, when the API says so or after growing pauses, and throws ApiProblem for
 * every other refusal. What the API changes may be asked for twice: its changes are idempotent.
 */
export function retryingFetch(send: typeof fetch, options: Partial<RetryOptions> = {}): typeof fetch {
  const { attempts, maxWaitSeconds, wait, random } = { ...defaults, ...options };
  return async (input, init) => {
    for (let attempt = 1; ; attempt += 1) {
      const response = await send(input, init);
      if (response.ok) return response;
      const problem = await parseProblem(response);
      const pause = pauseSeconds(problem, attempt, random);
      if (!RETRIED.has(problem.status) || attempt >= attempts || pause > maxWaitSeconds) throw problem;
      await wait(pause);
    }
  };
}

function pauseSeconds({ retryAfterSeconds }: ApiProblem, attempt: number, random: () => number): number {
  return retryAfterSeconds ?? FIRST_WAIT_SECONDS * 2 ** (attempt - 1) * (0.5 + random() / 2);
}
