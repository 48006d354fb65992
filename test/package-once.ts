import { packageStack } from '../local/template/package-stack.ts';

/** Before the first test: makes sure that `.serverless/` holds the stack and the zips as packaged from the present sources. */
export async function setup(): Promise<void> {
  const packaged = await packageStack({ log: console.log });
  if (!packaged) console.log('.serverless/ is packaged from the present sources.');
}
