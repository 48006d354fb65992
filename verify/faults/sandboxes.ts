import { randomUUID } from 'node:crypto';
import type { LocalFunctions } from '../../local/functions/functions.ts';
import type { InvocationOutcome } from '../../local/functions/invocation.ts';

/** One running invocation, treated as if it had its own sandbox. `arn` is its durable execution. */
export type Sandbox = {
  id: string;
  functionKey: string;
  arn: string | undefined;
  isDead: boolean;
  die: (outcome: InvocationOutcome) => void;
};

/** Every invocation of every function, so that any request can kill its own. */
export type Sandboxes = {
  around(functions: LocalFunctions): LocalFunctions;
  find(id: string | undefined): Sandbox | undefined;
  /** Its caller gets a crash at once, and its later requests have no effect. */
  kill(sandbox: Sandbox): void;
  /** Ends all at once, with their thread. */
  crash(): Promise<void>;
  atWork(): number;
};

/**
 * `onDeath` is called for each sandbox that ended before its invocation did, with whether it was killed here; `onFailed` for each
 * invocation that ended with an error; `onSuspended` for each durable execution that now waits.
 */
export type SandboxEvents = {
  onDeath: (sandbox: Sandbox, wasKilled: boolean) => void;
  onFailed: (sandbox: Sandbox) => void;
  onSuspended: (arn: string) => void;
};

const KILLED: InvocationOutcome = { ok: false, errorType: 'Runtime.ExitError', errorMessage: 'killed' };

export function openSandboxes({ onDeath, onFailed, onSuspended }: SandboxEvents): Sandboxes {
  const all = new Map<string, Sandbox>();
  let atWork = 0;
  let hosted: LocalFunctions | undefined;

  function die(sandbox: Sandbox, outcome: InvocationOutcome): void {
    if (sandbox.isDead) return;
    sandbox.isDead = true;
    onDeath(sandbox, outcome === KILLED);
    sandbox.die(outcome);
  }

  async function invoke(functions: LocalFunctions, key: string, event: unknown): Promise<InvocationOutcome> {
    const { promise: death, resolve } = Promise.withResolvers<InvocationOutcome>();
    const sandbox: Sandbox = { id: randomUUID(), functionKey: key, arn: arnOf(event), isDead: false, die: resolve };
    all.set(sandbox.id, sandbox);
    atWork++;
    const finished = functions.invoke(key, event, sandbox.id);
    // Requests of a dead sandbox must still be recognised, until the last of them has been refused.
    void finished.finally(() => all.delete(sandbox.id));
    const outcome = await Promise.race([finished, death]);
    atWork--;
    // After a timeout the local host lets a handler continue unseen, while Lambda freezes it.
    if (!outcome.ok && !sandbox.isDead) onFailed(sandbox);
    if (!outcome.ok && /^(Sandbox|Runtime)\./.test(outcome.errorType)) die(sandbox, outcome);
    if (sandbox.arn !== undefined && isSuspended(outcome)) onSuspended(sandbox.arn);
    return outcome;
  }

  return {
    around(functions) {
      hosted = functions;
      return { ...functions, invoke: (key, event) => invoke(functions, key, event) };
    },
    find: (id) => (id === undefined ? undefined : all.get(id)),
    kill: (sandbox) => die(sandbox, KILLED),
    async crash() {
      for (const sandbox of all.values()) die(sandbox, KILLED);
      await hosted?.crash();
    },
    atWork: () => atWork,
  };
}

function arnOf(event: unknown): string | undefined {
  const { DurableExecutionArn: arn } = (event ?? {}) as { DurableExecutionArn?: unknown };
  return typeof arn === 'string' ? arn : undefined;
}

function isSuspended(outcome: InvocationOutcome): boolean {
  return outcome.ok && (outcome.payload as { Status?: unknown } | null)?.Status === 'PENDING';
}
