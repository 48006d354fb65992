import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { AwsEndpointOptions } from './aws-endpoint.ts';
import type { Clock } from './clock.ts';
import type { DurableExecutions } from './durable/durable-executions.ts';
import type { LocalFunctions } from './functions/functions.ts';
import type { CountedFunctions } from './functions/running.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { LocalQueue } from './queue/queue.ts';
import type { State } from './state.ts';
import type { PackagedStack } from './template/packaged-stack.ts';
import type { LocalTotogi } from './totogi/totogi.ts';

/** For a test harness that injects faults; `npm start` uses none. */
export type ServiceEnvironment = {
  /** The functions' AWS endpoint: a proxy in front of the real one. */
  awsUrl: string;
  /** The functions' SNS and SES endpoint, which can fail separately. */
  carriersUrl: string;
  /** The functions' Totogi endpoint, tokens included. */
  totogiUrl: string;
  around: (functions: LocalFunctions, clock: Clock) => LocalFunctions;
};

export type Parts = { state: State; clock: Clock; stack: PackagedStack; functions: CountedFunctions; totogi: LocalTotogi; outbox: Outbox };

/** Internals for a test harness in the same process. `queues` is in the order of the stack's queues. */
export type ServiceParts = Parts & {
  queues: LocalQueue[];
  durable: DurableExecutions;
  client: DynamoDBDocumentClient;
  aws: AwsEndpointOptions;
};
