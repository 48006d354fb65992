const MAX_STAGE_LENGTH = 12;

/**
 * What is wrong with the name of a stage, or undefined. Its length is limited because it begins the names of durable executions; a hyphen
 * would let the policies of one stage, which name `<stage>-…`, cover the resources of another.
 */
export function stageFault(stage: string): string | undefined {
  if (/^[a-z0-9]+$/.test(stage) && stage.length <= MAX_STAGE_LENGTH) return undefined;
  return `--stage takes 1 to ${MAX_STAGE_LENGTH} lower-case letters and digits, not ${JSON.stringify(stage)}: choose a name such as "dev2"`;
}
