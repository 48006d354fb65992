import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { SigningKey } from '../../local/api/signing-key.ts';
import { signingKeyOf } from '../builders/rejected-tokens.ts';
import { type RunningService, runService } from '../builders/service.ts';

/** The service of the running test file. Suites use tenants, accounts and numbers of their own. */
export let service: RunningService;
/** What the service signs its tokens with. */
export let signingKey: SigningKey;

/** Starts one service for all suites that a test file imports, in the order in which it imports them. */
export function shareService(): void {
  beforeAll(async () => {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'totogi-notifications-'));
    signingKey = await signingKeyOf(stateDirectory);
    service = await runService(stateDirectory);
  }, 120_000);
  afterAll(() => service.end());
}
