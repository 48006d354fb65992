import { join } from 'node:path';
import { packageStack } from '../../../local/template/package-stack.ts';
import { unpackFunction } from '../../conformance/parts/packaged-function.ts';
import { publishBenchTenant } from './bench-tenant.ts';
import { bundleAsPackaged } from './bundle.ts';
import { type PutItemEndpoint, startPutItemEndpoint } from './put-item-endpoint.ts';

/** Enough to find the average size of an item. */
const ITEMS_WEIGHED = 2_000;

export type Consumers = { ours: string; bare: string; endpoint: PutItemEndpoint };

/** Both are bundled alike, and the endpoint has the benchmark's tenant. */
export async function withConsumers<Measured>(
  log: (line: string) => void,
  measure: (consumers: Consumers) => Promise<Measured>,
): Promise<Measured> {
  await packageStack({ log: log });
  const { folder, handler } = await unpackFunction('consume-notifications');
  const bare = await bundleAsPackaged('bare-handler', new URL('../consume/bare-handler.ts', import.meta.url));
  const endpoint = await startPutItemEndpoint(ITEMS_WEIGHED);
  try {
    await publishBenchTenant(endpoint.url);
    return await measure({ ours: join(folder, handler.replace(/handler$/, 'js')), bare: bare.file, endpoint });
  } finally {
    await endpoint.close();
  }
}
