import { createRequire } from 'node:module';

type LevelIterator = { close(): Promise<void>; return?: () => Promise<void> };
type Level = Record<'keys' | 'values', (range: unknown) => LevelIterator> & {
  status: string;
  get(key: string): Promise<unknown>;
  getSync(key: string): unknown;
};

const { Level } = createRequire(import.meta.resolve('dynalite'))('level') as { Level: { prototype: Level } };

/**
 * dynalite 4.0 closes iterators by `return`, which the iterators of its `level` version lack.
 *
 * Without it every Query leaks an iterator and its snapshot. LevelDB then keeps each memory table and file that was current at some Query:
 * at 100 events a second that is 150 MB of memory in three minutes, and seven times the files.
 */
export function endIterators(): void {
  for (const read of ['keys', 'values'] as const) {
    const open = Level.prototype[read];
    Level.prototype[read] = function (this: Level, range: unknown): LevelIterator {
      const iterator = open.call(this, range);
      return Object.assign(iterator, { return: () => iterator.close() });
    };
  }
}

/**
 * Reads values synchronously. Most are in memory (dynalite reads the table's definition twice per request), and handing such a read to
 * another thread takes several times as long.
 */
export function getInThread(): void {
  const { get } = Level.prototype;
  Level.prototype.get = async function (this: Level, key: string): Promise<unknown> {
    return this.status === 'open' ? this.getSync(key) : get.call(this, key);
  };
}
