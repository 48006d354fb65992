import { devNull } from 'node:os';

export type LocalAddresses = {
  awsUrl: string;
  carriersUrl: string;
  totogiUrl: string;
  apiUrl: string;
  dynamoDbUrl: string;
  region: string;
};

/**
 * Parameters that differ from the template's defaults. Pages of any origin may read the demo route, for any tenant; all other routes reject
 * foreign pages (foreign-requests.ts).
 */
export const localParameters = { AllowedOrigins: '*', DemoTenant: '*' };

/** The stack's own variables, and AWS at local addresses. */
export function localEnvironment(own: Record<string, string>, from: LocalAddresses & { cursorKey: string }): Record<string, string> {
  return {
    ...own,
    AWS_REGION: from.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // Otherwise the SDK reads ~/.aws, and a developer's own profile (retries, FIPS endpoints) changes what runs here.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_ENDPOINT_URL_DYNAMODB: from.dynamoDbUrl,
    AWS_ENDPOINT_URL_LAMBDA: from.awsUrl,
    AWS_ENDPOINT_URL_SNS: from.carriersUrl,
    AWS_ENDPOINT_URL_SES: from.carriersUrl,
    AWS_ENDPOINT_URL_SQS: from.awsUrl,
    AWS_ENDPOINT_URL_STS: from.awsUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: from.awsUrl,
    TOTOGI_URL: from.totogiUrl,
    PUBLIC_URL: from.apiUrl,
    CURSOR_KEYS: from.cursorKey,
  };
}
