import type { LocalFunctions } from './functions.ts';

export type CountedFunctions = LocalFunctions & {
  /** How many invocations run now, by function key. */
  running(): Record<string, number>;
};

export function countRunning(functions: LocalFunctions): CountedFunctions {
  const counts = new Map<string, number>();
  const add = (key: string, change: number) => {
    const count = (counts.get(key) ?? 0) + change;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  };
  return {
    ...functions,
    async invoke(key, event, requestId) {
      add(key, 1);
      try {
        return await functions.invoke(key, event, requestId);
      } finally {
        add(key, -1);
      }
    },
    running: () => Object.fromEntries(counts),
  };
}
