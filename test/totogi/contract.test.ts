import { existsSync, readFileSync } from 'node:fs';
import {
  buildSchema,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
  specifiedScalarTypes,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import { getAccount, updateAccount } from '../../src/totogi/account.ts';
import { createBalance, updateBalance } from '../../src/totogi/balances.ts';
import { getEventDataRecordsByAccount } from '../../src/totogi/event-data-records.ts';
import type { Operation } from '../../src/totogi/outcome.ts';
import { subscribeToPlan, updatePlanSubscription } from '../../src/totogi/plan-subscriptions.ts';
import { getPlans } from '../../src/totogi/plans.ts';

const operations: Operation<unknown, string>[] = [
  getAccount,
  getPlans,
  getEventDataRecordsByAccount,
  subscribeToPlan,
  updatePlanSubscription,
  createBalance,
  updateBalance,
  updateAccount,
];

const read = (path: string) => buildSchema(readFileSync(path, 'utf8'));
const own = read('src/totogi/schema.graphql');
const published = '../shared/totogi/schema-2026-07.graphql';
const schemas: [string, GraphQLSchema][] = [
  ['the schema that this project carries', own],
  ...(existsSync(published) ? [['the whole schema of July 2026', read(published)] as [string, GraphQLSchema]] : []),
];

/** Members that every operation reads alike: not Totogi's plain no, but success, a limit, or nobody knows. */
const READ_ALIKE = new Set(['TransactionHasBeenProcessed', 'RateLimitExceeded', 'InternalServerError']);

function fieldOf(schema: GraphQLSchema, name: string) {
  const field = schema.getQueryType()?.getFields()[name] ?? schema.getMutationType()?.getFields()[name];
  if (!field) throw new Error(`There is no ${name}.`);
  return field;
}

describe.for(schemas)('held against %s', ([, schema]) => {
  test.for(operations)('the document of $name is valid', ({ document }) => {
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  });

  test.for(operations)('$name has a word for each error in its result', ({ name, refusals }) => {
    const result = getNamedType(fieldOf(schema, name).type);
    const members = isUnionType(result) ? result.getTypes() : [];
    const isError = (type: (typeof members)[number]) => type.getInterfaces().some((known) => known.name === 'Error');
    const errors = members.filter(isError).map((type) => type.name);
    expect(errors.filter((error) => !READ_ALIKE.has(error)).sort()).toEqual([...refusals].sort());
    expect(members.filter((type) => !isError(type))).toHaveLength(isUnionType(result) ? 1 : 0);
  });

  test.for(operations)(
    'what $name answers is readable with everything there and with all that may be absent absent',
    ({ name, document, done }) => {
      const [definition] = parse(document).definitions;
      const selection = definition?.kind === Kind.OPERATION_DEFINITION ? definition.selectionSet : undefined;
      const [field] = selection?.selections ?? [];
      const asked = field?.kind === Kind.FIELD ? field.selectionSet : undefined;
      for (const full of [true, false]) {
        for (const sample of samples(schema, fieldOf(schema, name).type, asked, full)) {
          expect(done.safeParse(sample), JSON.stringify(sample)).toMatchObject({ success: true });
        }
      }
    },
  );
});

test.runIf(existsSync(published))(
  'what the project carries says what the whole schema says (skipped where that is not beside the project)',
  () => {
    const whole = read(published);
    const builtIn = new Set(specifiedScalarTypes.map(({ name }) => name));
    const differences = Object.values(own.getTypeMap())
      .filter(({ name }) => !name.startsWith('__') && !builtIn.has(name))
      .flatMap((type) => {
        const counterpart = whole.getType(type.name);
        if (counterpart === undefined) return [`${type.name} is not in it`];
        if (isEnumType(type) && isEnumType(counterpart)) {
          const known = new Set(counterpart.getValues().map(({ name }) => name));
          return type.getValues().flatMap(({ name }) => (known.has(name) ? [] : [`${type.name}.${name}`]));
        }
        if (!hasFields(type) || !hasFields(counterpart)) return [];
        const others = counterpart.getFields();
        const added = isInputObjectType(counterpart)
          ? Object.values(counterpart.getFields()).filter(({ name, type: of }) => isNonNullType(of) && !(name in type.getFields()))
          : [];
        return [
          ...Object.values(type.getFields()).flatMap(({ name, type: of }) =>
            String(others[name]?.type) === String(of) ? [] : [`${type.name}.${name}: ${of}, not ${others[name]?.type}`],
          ),
          ...added.map(({ name }) => `${type.name}.${name} is required`),
        ];
      });
    expect(differences).toEqual([]);
  },
);

function hasFields(type: unknown) {
  return isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
}

/** Answers as the schema allows them for what was asked: for a union, one for each member that is no error. */
function samples(schema: GraphQLSchema, type: GraphQLOutputType, asked: SelectionSetNode | undefined, full: boolean): unknown[] {
  const named = getNamedType(type);
  const members = isUnionType(named) ? named.getTypes() : [named];
  return members
    .filter((member) => !isObjectType(member) || member.name === 'TransactionHasBeenProcessed' || !('errorCode' in member.getFields()))
    .map((member) => ({ ...(isUnionType(named) && { __typename: member.name }), ...fields(schema, member.name, asked, full) }));
}

function fields(schema: GraphQLSchema, typeName: string, asked: SelectionSetNode | undefined, full: boolean): Record<string, unknown> {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return {};
  return Object.fromEntries(
    (asked?.selections ?? []).flatMap((selection) => {
      if (selection.kind === Kind.INLINE_FRAGMENT)
        return selection.typeCondition?.name.value === typeName
          ? Object.entries(fields(schema, typeName, selection.selectionSet, full))
          : [];
      if (selection.kind !== Kind.FIELD || selection.name.value === '__typename' || isUnionType(type)) return [];
      const field = type.getFields()[selection.name.value];
      return field ? [[field.name, value(schema, field.type, selection.selectionSet, full)] as const] : [];
    }),
  );
}

function value(schema: GraphQLSchema, type: GraphQLOutputType, asked: SelectionSetNode | undefined, full: boolean): unknown {
  if (!isNonNullType(type) && !full) return null;
  const present = isNonNullType(type) ? type.ofType : type;
  if (isListType(present)) return [value(schema, present.ofType, asked, full)];
  const { name } = getNamedType(present);
  if (isEnumType(present)) return present.getValues()[0]?.name;
  return asked ? fields(schema, name, asked, full) : SCALARS[name];
}

const SCALARS: Record<string, unknown> = {
  ID: 'id-1',
  String: 'text',
  Float: 0.5,
  Int: 7,
  Boolean: true,
  AWSDateTime: '2026-05-01T08:00:00.000Z',
  AWSJSON: '{"contact":{"phone":"+14155550101"}}',
};
