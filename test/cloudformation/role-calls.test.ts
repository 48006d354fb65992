import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { place } from '../../local/aws-scope.ts';
import { isAllowed, type PolicyStatement } from '../../local/iam/policy.ts';
import type { PackagedRole } from '../../local/template/packaged-roles.ts';
import { type PackagedFunction, type PackagedStack, readPackagedStack } from '../../local/template/packaged-stack.ts';
import { storedEvent } from '../../src/ingest/event-records.ts';
import * as keys from '../../src/schemas/keys.ts';
import { recordedEvent } from '../builders/records.ts';
import { type BundleCalls, readBundleCalls } from './bundle-calls.ts';
import { resourcesOf, serviceTemplate } from './templates.ts';

const TABLE = `arn:aws:dynamodb:${place.region}:${place.accountId}:table/totogi-notifications-local`;
const INDEX = `${TABLE}/index/timeline`;
const LEADING_KEYS = 'dynamodb:LeadingKeys';
/** One of a tenant, and what stands for all of them. */
const TENANTS = ['mvno-a', '-'];

const modules = resourcesOf(serviceTemplate(), 'AWS::Lambda::Function', z.looseObject({ Handler: z.string() }))
  .map(([, { Handler }]) => Handler)
  .filter((handler) => /^src\/(handlers|workflows)\//.test(handler))
  .map((handler) => handler.replace(/\.handler$/, '.ts'));

let stack: PackagedStack;
let bundles: Map<string, BundleCalls>;
beforeAll(async () => {
  stack = await readPackagedStack(place);
  bundles = await readBundleCalls(modules);
  // Twenty-five bundles are quick, but not on a machine that is busy with others.
}, 300_000);

/** A function with its own role and those that it assumes for a tenant: together they are what it may do. */
function functionOf(module: string): { deployed: PackagedFunction; assumed: PackagedRole[]; statements: PolicyStatement[] } {
  const deployed = stack.functions.find((one) => one.module === module);
  if (!deployed) throw new Error(`${module} is not in the stack.`);
  const assumed = stack.dataRoles.filter(({ trusts }) => trusts.includes(deployed.role.arn));
  return { deployed, assumed, statements: [deployed.role, ...assumed].flatMap(({ statements }) => statements) };
}

function callsOf(module: string): BundleCalls {
  const calls = bundles.get(module);
  if (!calls) throw new Error(`${module} was not bundled.`);
  return calls;
}

/** What a function's bundle can ask for, and what AWS asks in its name: Lambda reads its queue, and leaves its dead letters. */
function wantedActions({ key, deadLetterQueue }: PackagedFunction, { actions }: BundleCalls): string[] {
  const readsQueue = stack.queues.some(({ functionKey }) => functionKey === key);
  return [
    'logs:CreateLogStream',
    'logs:PutLogEvents',
    ...actions,
    ...(readsQueue ? ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'] : []),
    ...(deadLetterQueue === undefined ? [] : ['sqs:SendMessage']),
  ];
}

function difference(of: Iterable<string>, from: Iterable<string>): string[] {
  const known = new Set(from);
  return [...new Set(of)].filter((one) => !known.has(one)).sort();
}

/** The partition keys that a bundle can build, by the builder: of a tenant, and of all. */
function keysOf({ keyBuilders, actions }: BundleCalls): Map<string, string[]> {
  const builders = Object.entries(keys).filter(([name]) => keyBuilders.includes(name));
  // Without a Query the timeline's key is an attribute of what is written, and no partition that is asked for.
  const used = builders.filter(([name]) => name !== 'timelinePartition' || actions.includes('dynamodb:Query'));
  return new Map(used.map(([name, builder]) => [name, TENANTS.map((tenant) => partitionOf(builder, tenant))]));
}

const Built = z.union([z.string(), z.object({ pk: z.string() }).transform(({ pk }) => pk)]);

/** Builders take a tenant first, as text or in an object; what else they take does not matter to the kind of key. */
function partitionOf(builder: (...values: never[]) => unknown, tenant: string): string {
  const reference = Object.assign(Object(tenant), { tenant, account: 'acc', issue: 'issue' });
  return Built.parse(Reflect.apply(builder, undefined, [reference, 'x', 'x', 'x', 'x']));
}

function leadingKeysOf({ Condition }: PolicyStatement): string[] {
  return Object.values(Condition)
    .flatMap((wanted) => wanted[LEADING_KEYS] ?? [])
    .filter((pattern) => pattern !== 'false');
}

function allows(statements: PolicyStatement[], { action, resource, key }: { action: string; resource: string; key: string }): boolean {
  return TENANTS.some((tenant) => isAllowed(statements, { action, resource, tags: { tenant }, context: { [LEADING_KEYS]: [key] } }));
}

describe.for(modules)('the role of %s', (module) => {
  test('allows what its bundle can ask for, and nothing else', () => {
    const { deployed, assumed, statements } = functionOf(module);
    const allowed = [...statements.flatMap(({ Action }) => Action), ...(assumed.length > 0 ? ['sts:AssumeRole'] : [])];
    const wanted = wantedActions(deployed, callsOf(module));
    expect({ missing: difference(wanted, allowed), unused: difference(allowed, wanted) }).toEqual({ missing: [], unused: [] });
  });

  test('opens the kinds of keys that its bundle can build, and no others', () => {
    const { statements } = functionOf(module);
    // What a write must hold is compared elsewhere, with what is written.
    const ofTable = statements
      .filter(({ Action }) => Action.every((action) => action.startsWith('dynamodb:')))
      .map((statement) => ({ ...statement, Condition: onlyLeadingKeys(statement) }));
    const built = keysOf(callsOf(module));
    const missing = [...built].filter(([, partitions]) => !partitions.some((key) => opens(ofTable, key)));
    const unused = ofTable.flatMap((statement) =>
      leadingKeysOf(statement).filter((pattern) => {
        const alone = { ...statement, Condition: { 'ForAllValues:StringLike': { [LEADING_KEYS]: [pattern] } } };
        return ![...built.values()].flat().some((key) => opens([alone], key));
      }),
    );
    expect({ missing: missing.map(([name]) => name), unused }).toEqual({ missing: [], unused: [] });
  });

  test('asks every request for the table to name a key, and reads the index only where the bundle does', () => {
    const { statements } = functionOf(module);
    const ofTable = statements.filter(({ Action }) => Action.some((action) => action.startsWith('dynamodb:')));
    for (const { Condition } of ofTable) expect(Condition.Null).toMatchObject({ [LEADING_KEYS]: ['false'] });
    expect(ofTable.some(({ Resource }) => Resource?.includes(INDEX))).toBe(callsOf(module).readsIndex);
  });
});

const TABLE_ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query', 'ConditionCheckItem'];

function opens(statements: PolicyStatement[], key: string): boolean {
  return TABLE_ACTIONS.some((name) => [TABLE, INDEX].some((resource) => allows(statements, { action: `dynamodb:${name}`, resource, key })));
}

function onlyLeadingKeys(statement: PolicyStatement): PolicyStatement['Condition'] {
  return { 'ForAllValues:StringLike': { [LEADING_KEYS]: leadingKeysOf(statement) } };
}

test('the consumer puts items with the attributes of an event into an account’s partition, and none with others', () => {
  const { statements } = functionOf('src/handlers/consume-notifications.ts');
  const put = statements.filter((statement) => statement.Action.includes('dynamodb:PutItem') && allowsAccounts(statement));
  expect(put).toHaveLength(1);
  const attributes = put[0]?.Condition['ForAllValues:StringEquals']?.['dynamodb:Attributes'];
  expect(attributes?.toSorted()).toEqual(Object.keys(storedEvent(recordedEvent(), 8)).sort());
});

function allowsAccounts(statement: PolicyStatement): boolean {
  return leadingKeysOf(statement).some((pattern) => pattern.includes('#ACCOUNT#'));
}
