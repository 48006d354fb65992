import { invalidParameter, LambdaError } from './lambda-error.ts';

/** `durable` only for functions with a DurableConfig. */
export type DeployedFunction = { durable?: { alias: string; executionTimeoutSeconds: number } };

export type FunctionNames = {
  region: string;
  accountId: string;
  functionPrefix: string;
  deployed: Record<string, DeployedFunction>;
};

export type FunctionTarget = { key: string; name: string; qualifier: string | undefined; deployed: DeployedFunction };

/** Every local alias points to this version. */
export const publishedVersion = '1';

/**
 * Accepts a name, `name:qualifier`, a partial ARN or an ARN, with or without a separate qualifier.
 *
 * @throws LambdaError ResourceNotFoundException when there is no such function, version or alias.
 */
export function resolveFunction(names: FunctionNames, given: string, separateQualifier: string | null): FunctionTarget {
  const [name = '', inlineQualifier] = given.replace(/^(arn:aws[a-z-]*:lambda:[a-z0-9-]+:)?(\d{12}:)?(function:)?/, '').split(':');
  const qualifier = separateQualifier ?? inlineQualifier;
  const key = name.startsWith(`${names.functionPrefix}-`) ? name.slice(names.functionPrefix.length + 1) : '';
  const deployed = Object.hasOwn(names.deployed, key) ? names.deployed[key] : undefined;
  const known = [undefined, '$LATEST', ...(deployed?.durable ? [deployed.durable.alias, publishedVersion] : [])];
  if (!deployed || !known.includes(qualifier)) {
    const arn = `${functionArn(names, name)}${qualifier ? `:${qualifier}` : ''}`;
    throw new LambdaError('ResourceNotFoundException', 404, `Function not found: ${arn}`);
  }
  return { key, name, qualifier, deployed };
}

/** Lambda requires a version or alias, because a run ends on the version that it started with. */
export function requireQualifier(target: FunctionTarget): void {
  if (!target.qualifier) throw invalidParameter('You cannot invoke a durable function using an unqualified ARN.');
}

export function functionArn(names: FunctionNames, functionName: string): string {
  return `arn:aws:lambda:${names.region}:${names.accountId}:function:${functionName}`;
}
