import type { Setup } from './check.ts';
import type { Stack } from './stack.ts';

type Part = { stackName: string; stack: Stack; deploy: string };

/**
 * The command that creates a missing part of a stack. A deploy only creates what the stack never had; a change set that reverts drift also
 * creates what was deleted.
 */
export function restoreCommand({ command }: Setup, { stackName, stack, deploy }: Part): string {
  if (stack.state === 'absent') return deploy;
  if (stack.state === 'unknown') return deploy.includes('#') ? `${deploy}; ${ALSO}` : `${deploy} # ${ALSO}`;
  const changeSet = ['--stack-name', stackName, '--change-set-name', 'restore'];
  const kept = Object.keys(stack.parameters).map((name) => `ParameterKey=${name},UsePreviousValue=true`);
  const create = command(
    ...['cloudformation', 'create-change-set', ...changeSet, '--deployment-mode', 'REVERT_DRIFT', '--use-previous-template'],
    ...['--capabilities', 'CAPABILITY_NAMED_IAM', ...(kept.length === 0 ? [] : ['--parameters', ...kept])],
  );
  const review = command('cloudformation', 'describe-change-set', ...changeSet);
  return `${create} # review it: ${review}; then: ${command('cloudformation', 'execute-change-set', ...changeSet)}`;
}

const ALSO = 'if the stack is deployed, something was deleted: create a change set with --deployment-mode REVERT_DRIFT instead';

/** For a part of the service's own stack. */
export async function restoreService(setup: Setup): Promise<string> {
  return restoreCommand(setup, { stackName: setup.prefix, stack: await setup.stack(), deploy: setup.deploy() });
}
