import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LOCAL_STAGE, localEndpoint, localHint } from './local-endpoint.ts';

/** For AWS with the Region and credentials of the environment, or for the local service. */
export function createStageClient(stage: string): DynamoDBClient {
  if (stage !== LOCAL_STAGE) return new DynamoDBClient();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new DynamoDBClient({ endpoint: localEndpoint(), region: 'us-east-1', credentials });
}

/** Why the table of a stage cannot be used, and what to check. */
export function tableFailure(stage: string, error: unknown): string {
  const hint = stage === LOCAL_STAGE ? localHint() : 'Is the stage deployed, and are AWS_REGION and credentials set?';
  return `Cannot use the table totogi-notifications-${stage}: ${reasonOf(error)}. ${hint}`;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return 'code' in error ? String(error.code) : error.name;
}
