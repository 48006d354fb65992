import type { ValueForm } from './value-forms.ts';

const MAX_STAGE_LENGTH = 12;

/**
 * The length is limited because the name starts the names of durable executions. With a hyphen, the policies of one stage, which name
 * `<stage>-…`, would cover the resources of another.
 */
export const stageName: ValueForm<string> = {
  accepts: `1 to ${MAX_STAGE_LENGTH} lower-case letters and digits, such as "dev2"`,
  parse: (text) => (/^[a-z0-9]+$/.test(text) && text.length <= MAX_STAGE_LENGTH ? text : undefined),
};
