import { readFileSync } from 'node:fs';
import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { createOperations } from './operations.ts';

export type GraphqlRequest = { query: string; variables: Record<string, unknown>; operationName: string | undefined };
/** `instead` replaces the result by an error member. */
export type Execute = (request: GraphqlRequest, instead?: object) => Promise<ExecutionResult>;

/** Runs requests over the part of Totogi's schema that the client has. Loads graphql-js on first use. */
export function createExecute(operations: ReturnType<typeof createOperations>): Execute {
  let loading: Promise<{ schema: GraphQLSchema; graphql: typeof import('graphql').graphql }> | undefined;
  return async ({ query, variables, operationName }, instead) => {
    loading ??= load();
    const { schema, graphql } = await loading;
    const rootValue = instead ? Object.fromEntries(Object.keys(operations).map((name) => [name, () => instead])) : operations;
    return graphql({ schema, source: query, rootValue, variableValues: variables, operationName: operationName ?? null });
  };
}

async function load() {
  const { buildSchema, graphql, isScalarType } = await import('graphql');
  const schema = buildSchema(readFileSync(new URL('../../src/totogi/schema.graphql', import.meta.url), 'utf8'));
  const time = schema.getType('AWSDateTime');
  if (isScalarType(time)) time.coerceInputValue = parseTime;
  return { schema, graphql };
}

function parseTime(value: unknown): unknown {
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:?\d\d)$/.test(value) && !Number.isNaN(Date.parse(value))) return value;
  throw new TypeError(`${JSON.stringify(value)} is no AWSDateTime.`);
}
