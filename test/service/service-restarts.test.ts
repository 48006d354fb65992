import { describe } from 'vitest';
import { shareService } from './shared-service.ts';

shareService();

// In this order: the first looks through everything that a service wrote down.
describe('personal data', async () => void (await import('./personal-data.suite.ts')));
describe('operations', async () => void (await import('./operations.suite.ts')));
describe('waits', async () => void (await import('./waits.suite.ts')));
