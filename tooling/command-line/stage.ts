const MAX_STAGE_LENGTH = 12;

/**
 * What is wrong with a stage's name, or undefined. The length is limited because the name starts the names of durable executions. With a
 * hyphen, the policies of one stage, which name `<stage>-…`, would cover the resources of another.
 */
export function stageFault(stage: string): string | undefined {
  if (/^[a-z0-9]+$/.test(stage) && stage.length <= MAX_STAGE_LENGTH) return undefined;
  return `--stage takes 1 to ${MAX_STAGE_LENGTH} lower-case letters and digits, not ${JSON.stringify(stage)}: choose a name such as "dev2"`;
}
