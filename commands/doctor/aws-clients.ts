import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PinpointSMSVoiceV2Client } from '@aws-sdk/client-pinpoint-sms-voice-v2';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';

export type AwsClients = ReturnType<typeof createAwsClients>;

/** For AWS with the environment's credentials, or for an emulator, which accepts any. */
export function createAwsClients({ region, endpoint }: { region: string; endpoint: string | undefined }) {
  const options = {
    region,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 },
    ...(endpoint === undefined ? {} : { endpoint, credentials: { accessKeyId: 'doctor', secretAccessKey: 'doctor' } }),
  };
  return {
    cloudformation: new CloudFormationClient(options),
    events: new EventBridgeClient(options),
    logs: new CloudWatchLogsClient(options),
    sqs: new SQSClient(options),
    ses: new SESv2Client(options),
    sns: new SNSClient(options),
    smsVoice: new PinpointSMSVoiceV2Client(options),
    secrets: new SecretsManagerClient(options),
    sts: new STSClient(options),
    dynamodb: new DynamoDBClient(options),
  };
}
