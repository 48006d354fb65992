import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageStack } from '../local/template/package-stack.ts';

/**
 * Before the first test: makes sure that `.serverless/` holds the stack and the zips as packaged from the present sources, and makes a folder
 * for what the processes of the tests keep until they end.
 */
export async function setup(): Promise<() => void> {
  const packaged = await packageStack({ log: console.log });
  if (!packaged) console.log('.serverless/ is packaged from the present sources.');
  const directory = mkdtempSync(join(tmpdir(), 'totogi-notifications-tests-'));
  process.env.TEST_STATE = directory;
  return () => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}
