import { afterEach } from 'vitest';
import { personalDataIn } from './builders/personal-data.ts';

/**
 * Before every test file: whatever a handler logs while a test runs is looked through, and the test fails that let a person's data be
 * logged. (What services log that run as processes of their own is looked through as they end: builders/service.ts.)
 */
const watched = globalThis as { loggedLines?: string[] };
// Test files of one process share its streams: they are watched once.
watched.loggedLines ??= watchStreams([]);
const lines = watched.loggedLines;

function watchStreams(seen: string[]): string[] {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      const text = String(chunk);
      if (text.startsWith('{')) seen.push(text);
      return write(chunk, ...rest);
    };
  }
  return seen;
}

afterEach(() => {
  const leaks = lines.splice(0).flatMap(personalDataIn);
  if (leaks.length > 0) throw new Error(`Personal data was logged:\n${leaks.slice(0, 5).join('\n')}`);
});
