import { createRequire } from 'node:module';

type LevelIterator = { close(): Promise<void>; return?: () => Promise<void> };
type Level = Record<'keys' | 'values', (range: unknown) => LevelIterator> & {
  status: string;
  get(key: string): Promise<unknown>;
  getSync(key: string): unknown;
};

const { Level } = createRequire(import.meta.resolve('dynalite'))('level') as { Level: { prototype: Level } };

/**
 * Gives the iterators of dynalite's store the `return` that dynalite 4.0 ends them by, and that level's iterators do not have.
 *
 * Without it every Query leaves an iterator open for good, and with it a snapshot: LevelDB then keeps each memory table and each file
 * that was current at some Query, which at 100 events a second is 150 MB of memory in three minutes, and seven times the files.
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
 * Lets dynalite's store get a value in its own thread. Most of what is asked for lies in memory (dynalite gets the table's definition twice
 * for each request), and handing such a read to another thread and back takes several times as long as the read.
 */
export function getInThread(): void {
  const { get } = Level.prototype;
  Level.prototype.get = async function (this: Level, key: string): Promise<unknown> {
    return this.status === 'open' ? this.getSync(key) : get.call(this, key);
  };
}
