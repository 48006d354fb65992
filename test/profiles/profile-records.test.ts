import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putOnce, readItem, readRange, type Table } from '../../src/platform/table.ts';
import { phoneHash } from '../../src/profiles/phone-lookups.ts';
import { listProfileChanges } from '../../src/profiles/profile-history.ts';
import { accountsOfPhone, deleteProfile, findProfile, putProfile } from '../../src/profiles/profile-records.ts';
import { accountPartition, messageKey, phoneLookupKey } from '../../src/schemas/keys.ts';
import { openTestTable, type TestTable } from '../builders/table.ts';

const TENANT = 'mvno-crash';
const FIRST = '+14155550101';
const SECOND = '+14155550102';
const origin = { source: 'api', by: 'crm', at: Date.UTC(2026, 4, 1) };
/** More calls than any change makes. */
const MAX_CALLS = 9;

let database: TestTable;
beforeAll(async () => {
  database = await openTestTable();
});
afterAll(() => database.close());

/** The table, for a process that dies at its call of that number: before the call reaches the table, or after. */
function dyingTable(call: number, when: 'before' | 'after'): Table {
  let calls = 0;
  const send = async (command: never) => {
    calls += 1;
    if (calls > call || (calls === call && when === 'before')) throw new Error('died');
    const reply = await database.table.client.send(command);
    if (calls === call) throw new Error('died');
    return reply;
  };
  return { name: database.table.name, client: { send } as unknown as Table['client'] };
}

async function died(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => false,
    (error: Error) => {
      if (error.message !== 'died') throw error;
      return true;
    },
  );
}

const deaths = (['before', 'after'] as const).flatMap((when) =>
  Array.from({ length: MAX_CALLS }, (_, index) => [when, index + 1] as const),
);

describe.each(deaths)('a process that dies just %s call %i', (when, call) => {
  const owner = (what: string) => ({ tenant: TENANT, account: `acc-${what}-${when}-${call}` });
  const numbersOf = async (account: string) => {
    const found = await Promise.all([FIRST, SECOND].map((phone) => accountsOfPhone(database.table, phone)));
    return [FIRST, SECOND].filter((_phone, index) => found[index]?.some((one) => one.account === account));
  };

  test('of a change loses no history, and no number its account', async () => {
    const changed = owner('put');
    await putProfile(database.table, changed, { phone: FIRST }, origin);
    await died(putProfile(dyingTable(call, when), changed, { phone: SECOND }, origin));
    const { phone } = (await findProfile(database.table, TENANT, changed.account)) ?? {};
    expect(await numbersOf(changed.account)).toEqual([phone]);
    await putProfile(database.table, changed, { phone: SECOND }, origin);
    expect(await listProfileChanges(database.table, changed)).toMatchObject([{ version: 1 }, { version: 2, fields: ['phone'] }]);
    await putProfile(database.table, changed, { phone: SECOND, name: 'Ada' }, origin);
    const kept = await listProfileChanges(database.table, changed);
    expect(kept.map(({ version, fields }) => [version, fields])).toEqual([
      [1, ['phone']],
      [2, ['phone']],
      [3, ['name']],
    ]);
    expect(await numbersOf(changed.account)).toEqual([SECOND]);
    expect(await readItem(database.table, lookupOf(FIRST, changed.account))).toBeUndefined();
  });

  test('of an erasure leaves one that a repeat finishes', async () => {
    const erased = owner('delete');
    const message = messageKey(TENANT, erased.account, 'e', 'w', 's');
    await putOnce(database.table, { ...message, state: 'accepted', to: FIRST, text: 'Ada' });
    await putProfile(database.table, erased, { phone: FIRST, name: 'Ada' }, origin);
    await died(deleteProfile(dyingTable(call, when), erased, origin));
    await deleteProfile(database.table, erased, origin);
    const range = { partition: accountPartition(TENANT, erased.account), from: '!', to: '~', descending: false };
    expect(JSON.stringify((await readRange(database.table, range, 100)).items)).not.toMatch(/Ada|4155550/);
    expect(await readItem(database.table, lookupOf(FIRST, erased.account))).toBeUndefined();
    expect((await listProfileChanges(database.table, erased)).map(({ change }) => change)).toEqual(['created', 'erased']);
  });
});

test('the most calls that a change makes are fewer than those that are tried above', async () => {
  const owner = { tenant: TENANT, account: 'acc-calls' };
  await putProfile(database.table, owner, { phone: FIRST }, origin);
  expect(await died(putProfile(dyingTable(MAX_CALLS, 'before'), owner, { phone: SECOND }, origin))).toBe(false);
  expect(await died(deleteProfile(dyingTable(MAX_CALLS, 'before'), owner, origin))).toBe(false);
});

function lookupOf(phone: string, account: string) {
  return phoneLookupKey(phoneHash(phone), accountPartition(TENANT, account));
}
