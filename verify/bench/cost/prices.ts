import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import * as z from 'zod';

const Price = z.strictObject({
  usd: z.number().positive(),
  per: z.number().positive(),
  source: z.string().min(1),
  /** Year and month. */
  asOf: z.string().regex(/^\d{4}-\d{2}$/),
  /** The assumption behind a price that depends on more than the list, or was not checked again. */
  assumed: z.string().min(1).optional(),
});
export type Price = z.infer<typeof Price>;

const PriceList = z.strictObject({
  prices: z.strictObject({
    sqsRequests: Price,
    lambdaRequests: Price,
    lambdaGigabyteSeconds: Price,
    writeUnits: Price,
    readUnits: Price,
    logGigabytes: Price,
    archiveGigabytes: Price,
    durableOperations: Price,
    durableGigabytesWritten: Price,
    durableGigabyteMonths: Price,
    smsParts: Price,
    mails: Price,
    tableGigabyteMonths: Price,
    backupGigabyteMonths: Price,
    archiveGigabyteMonths: Price,
    logGigabyteMonths: Price,
    traces: Price,
  }),
});

export type Prices = z.infer<typeof PriceList>['prices'];

export async function readPrices(): Promise<Prices> {
  return PriceList.parse(parse(await readFile(new URL('prices.yml', import.meta.url), 'utf8'))).prices;
}
