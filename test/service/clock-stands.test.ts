import { describe } from 'vitest';
import { shareService } from './shared-service.ts';

shareService();

// In this order: the first two look at everything that was sent, the last one asks for everything there is to ask.
describe('foreign requests', async () => void (await import('./foreign-requests.suite.ts')));
describe('the main job', async () => void (await import('./main-job.suite.ts')));
describe('the client', async () => void (await import('./client.suite.ts')));
describe('walls between tenants', async () => void (await import('./tenant-walls.suite.ts')));
describe('limits of texts', async () => void (await import('./text-limits.suite.ts')));
describe('odd requests', async () => void (await import('./odd-requests.suite.ts')));
