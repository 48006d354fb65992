import type { InvocationOutcome } from '../../local/functions/invocation.ts';

type Effect = (...words: never[]) => Promise<unknown>;

/**
 * Where in an effect the process ends: before it began, when it began and nobody waits for what comes of it, or when it was done and nobody
 * has noted that.
 */
export type CrashPoint = 'before' | 'during' | 'after';
export type CrashPlan = { effect: string; point: CrashPoint };

/** Ends a process at one point of its work, once: what it was at never goes on. */
export type Crashes = {
  /** The same functions, each an effect under its name at which the process may end. */
  within<Effects extends Record<string, Effect>>(effects: Effects): Effects;
  /** Lets the process work until it ends by itself or by the crash. */
  process<Result>(work: () => Promise<Result>): Promise<Result | 'crashed'>;
  /** An invocation of a function, as Lambda sees it. */
  invocation(work: () => Promise<InvocationOutcome>): Promise<InvocationOutcome>;
  /** From now on it crashes. */
  arm(): void;
  /** The effects that began since, in order, each once. */
  seen(): string[];
  happened(): boolean;
};

/** Plans a crash; without a plan nothing crashes, and one sees what could. */
export function planCrash(plan?: CrashPlan): Crashes {
  const seen: string[] = [];
  const crashed = Promise.withResolvers<'crashed'>();
  let isArmed = false;
  let happened = false;

  /** Never answers, where it is the moment. */
  async function reach(effect: string, point: CrashPoint): Promise<void> {
    if (!isArmed || happened || plan?.effect !== effect || plan.point !== point) return;
    happened = true;
    crashed.resolve('crashed');
    await new Promise(() => undefined);
  }

  function guarded<Work extends Effect>(name: string, work: Work): Work {
    const effect = async (...words: never[]) => {
      if (isArmed && !seen.includes(name)) seen.push(name);
      await reach(name, 'before');
      const working = work(...words);
      // It goes on by itself when its process is gone; what comes of it is nobody's.
      working.catch(() => undefined);
      await reach(name, 'during');
      const result = await working;
      await reach(name, 'after');
      return result;
    };
    return effect as Work;
  }

  const process: Crashes['process'] = (work) => (happened ? work() : Promise.race([work(), crashed.promise]));
  return {
    within: (effects) => {
      const entries = Object.entries(effects).map(([name, work]) => [name, guarded(name, work)]);
      return Object.fromEntries(entries) as typeof effects;
    },
    process,
    async invocation(work) {
      const outcome = await process(work);
      return outcome === 'crashed' ? { ok: false, errorType: 'Runtime.ExitError', errorMessage: 'The process ended.' } : outcome;
    },
    arm: () => {
      isArmed = true;
    },
    seen: () => seen,
    happened: () => happened,
  };
}
