import * as z from 'zod';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Principals = z.union([
  z.literal('*').transform((everybody) => ({ AWS: [everybody], Service: [everybody] })),
  z.object({ AWS: listed.default([]), Service: listed.default([]) }),
]);
const Statement = z.looseObject({
  Effect: z.string(),
  Principal: Principals.optional(),
  Action: listed.default([]),
  Resource: listed.default([]),
});
const Policy = z.looseObject({ Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]) });

/** The statements of a resource policy that allow an action. Their conditions are not evaluated: a policy is for people to judge. */
export function statementsAllowing(action: string, policy: string | undefined): z.infer<typeof Statement>[] {
  if (policy === undefined || policy === '') return [];
  const names = [action, `${action.split(':')[0]}:*`, '*'].map((name) => name.toLowerCase());
  return Policy.parse(JSON.parse(policy)).Statement.filter(
    ({ Effect, Action }) => Effect === 'Allow' && Action.some((one) => names.includes(one.toLowerCase())),
  );
}
