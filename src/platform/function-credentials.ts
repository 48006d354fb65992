import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Replaces the AWS SDK's credential chain in the deployed bundles (serverless.yml sets it): Lambda provides credentials only in the
 * environment, and the rest of the chain is a tenth of a bundle.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
