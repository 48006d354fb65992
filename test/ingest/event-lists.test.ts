import { expect, test } from 'vitest';
import { findFirstEvent } from '../../src/ingest/event-lists.ts';

test('a search that reaches its bound says that it is not complete', async () => {
  const positions: (string | undefined)[] = [];
  const endless = async (after: string | undefined) => {
    positions.push(after);
    return { entries: [], position: `after-${positions.length}` };
  };
  expect(await findFirstEvent(endless)).toEqual({ first: undefined, isComplete: false });
  expect(positions).toHaveLength(100);
  expect(positions.slice(0, 3)).toEqual([undefined, 'after-1', 'after-2']);
});

test('a search that reads every page without a match is complete', async () => {
  const pages = [
    { entries: [], position: 'after-1' },
    { entries: [], position: undefined },
  ];
  expect(await findFirstEvent(async () => pages.shift() ?? { entries: [], position: undefined })).toEqual({
    first: undefined,
    isComplete: true,
  });
});
