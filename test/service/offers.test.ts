import { describe } from 'vitest';
import { shareService } from './shared-service.ts';

shareService();

// In this order: the figures of the tenant's offers are looked at first.
describe('offers', async () => void (await import('./offers.suite.ts')));
describe('a pause of marketing', async () => void (await import('./marketing-pause.suite.ts')));
