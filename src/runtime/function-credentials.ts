import { fromEnv } from '@aws-sdk/credential-provider-env';

/**
 * Stands in for the AWS SDK's chain of credential providers in the deployed bundles (serverless.yml names it there): Lambda gives its
 * credentials in the environment and in no other way, and the chain's other links, with the clients they bring, are a tenth of a bundle.
 */
export function defaultProvider(): ReturnType<typeof fromEnv> {
  return fromEnv();
}
