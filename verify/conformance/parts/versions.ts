/** Pinned, so that an upgrade is deliberate and its findings are reviewed. */
export const versions = {
  'cfn-lint': '1.58.0',
  checkov: '3.3.30',
  moto: '5.2.5',
  schemathesis: '4.32.5',
  boto3: '1.44.5',
  DynamoDBLocal: '2.6.1',
  'aws-lambda-ric': '4.0.2',
  '@aws/durable-execution-sdk-js-testing': '1.1.4',
  '@sparticuz/chromium': '153.0.0',
  /** Downloads from Maven Central. */
  'maven-dependency-plugin': '3.8.1',
} as const;
