import { accountLife, type Happening } from './account-life.ts';
import { fictionalNumber } from './phone-numbers.ts';
import { createRandom, type Random } from './random.ts';

type Account = { life: Generator<Happening, never>; random: Random; lastInvokedAt: number };
type AccountHappening = { account: string; happening: Happening; invokedAt: number };

/**
 * Accounts are numbered from 1. `next` returns an account's next happening, invoked shortly before `plannedAt` (milliseconds since the
 * epoch) and after the account's previous one.
 */
export function createAccounts({ seed, accounts }: { seed: number; accounts: number }): {
  next: (number: number, plannedAt: number) => AccountHappening;
} {
  const known = new Map<number, Account>();
  const width = String(accounts).length;

  return {
    next: (number, plannedAt) => {
      const account = known.get(number) ?? midLife(seed, number);
      known.set(number, account);
      const earlier = plannedAt - account.random.integer(20, 900);
      account.lastInvokedAt = Math.min(plannedAt, Math.max(earlier, account.lastInvokedAt + 1));
      return {
        account: `emulated-${String(number).padStart(width, '0')}`,
        happening: account.life.next().value,
        invokedAt: account.lastInvokedAt,
      };
    },
  };
}

/** Accounts start at different points of their lives. */
function midLife(seed: number, number: number): Account {
  const random = createRandom(`${seed}/account/${number}`);
  const second = random.chance(0.4) ? [fictionalNumber(number * 2 + 1)] : [];
  const life = accountLife(random, [fictionalNumber(number * 2), ...second]);
  const livedAlready = random.integer(0, 20);
  for (let count = 0; count < livedAlready; count++) life.next();
  return { life, random, lastInvokedAt: Number.NEGATIVE_INFINITY };
}
