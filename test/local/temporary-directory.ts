import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { expectNoLeaks } from '../builders/personal-data.ts';

/** A folder of its own for the running test, gone afterwards. Call it before starting what uses it: what was set up last ends first. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));
  onTestFinished(() => {
    expectNoLeaks(directory);
    rmSync(directory, { recursive: true, force: true });
  });
  return directory;
}
