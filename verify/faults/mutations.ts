import type { AwsRequest } from '../../local/http-server.ts';
import type { State } from '../../local/state.ts';
import { createRandom } from '../../tooling/traffic/random.ts';
import type { FaultSource, Mutation } from './injection/fault-proxy.ts';

/** Deliberate errors of a stand-in, each of which must make the proof fail. */
export const MUTATIONS = ['conditions', 'names', 'checkpoints', 'receipts', 'transactions'] as const;
export type MutationName = (typeof MUTATIONS)[number];

export const MUTATION_DESCRIPTIONS: Record<MutationName, string> = {
  conditions: 'the store ignores the conditions of puts',
  names: 'Lambda forgets the names of executions',
  checkpoints: 'Lambda loses the checkpoints of runs that wait',
  receipts: 'the carriers name another message in their receipts',
  transactions: 'Totogi forgets the ids of transactions, and loses its first answer to each',
};

/** Undefined if the mutation does not change requests. */
export function requestMutation(name: MutationName | undefined): Mutation | undefined {
  if (name === 'conditions')
    return (request, { item, seam }) => (item !== undefined && seam.name.includes('PutItem') ? withoutCondition(request, item) : request);
  if (name === 'transactions')
    return (request, { totogi }) => (totogi?.transactionId === undefined ? request : withoutTransaction(request));
  if (name !== 'names') return undefined;
  return (request, { start }) => {
    if (start === undefined) return request;
    const { 'x-amz-durable-execution-name': _forgotten, ...headers } = request.headers;
    return { ...request, headers };
  };
}

/** The fault that makes a mutation visible when there are no others. */
export function faultSourceOf(name: MutationName | undefined): FaultSource {
  const lost = new Set<string>();
  return ({ totogi }) => {
    const { transactionId } = totogi ?? {};
    if (name !== 'transactions' || transactionId === undefined || lost.has(transactionId)) return undefined;
    lost.add(transactionId);
    return 'error after';
  };
}

/** Deletes what a suspended run has done, but not what it waits for. */
export function loseCheckpoints({ db }: State): (arn: string) => void {
  const lose = db.prepare(
    `DELETE FROM durable_operations WHERE pending = 0 AND execution = (SELECT sequence FROM durable_executions WHERE arn = ?)`,
  );
  return (arn) => void lose.run(arn);
}

/** Picks the message that a mutated carrier names instead of the right one. */
export type Mistake = <Message>(message: Message, all: Message[]) => Message;

export function takeForAnother(seed: number): Mistake {
  const random = createRandom(`${seed}/mistakes`);
  return (message, all) => all[random.integer(0, all.length - 1)] ?? message;
}

/** A put has no expression besides its condition. */
function withoutCondition(request: AwsRequest, item: Record<string, unknown>): AwsRequest {
  const { ConditionExpression: _ignored, ExpressionAttributeNames: _names, ExpressionAttributeValues: _values, ...put } = item;
  return { ...request, body: Buffer.from(JSON.stringify(put)) };
}

function withoutTransaction(request: AwsRequest): AwsRequest {
  const question = JSON.parse(request.body.toString('utf8')) as { variables: { input: Record<string, unknown> } };
  const { transactionId: _forgotten, ...input } = question.variables.input;
  return { ...request, body: Buffer.from(JSON.stringify({ ...question, variables: { input } })) };
}
