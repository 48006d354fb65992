import { describe } from 'vitest';
import { shareService } from './shared-service.ts';

shareService();

describe('receipts', async () => void (await import('./receipts.suite.ts')));
describe('Totogi', async () => void (await import('./totogi.suite.ts')));
describe('workflows', async () => void (await import('./workflows.suite.ts')));
