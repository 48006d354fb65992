import * as z from 'zod';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const value = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const values = z.union([value.transform((one) => [one]), z.array(value)]);
const Principals = z.union([
  z.literal('*').transform((everybody) => ({ AWS: [everybody], Service: [] as string[] })),
  z.object({ AWS: listed.default([]), Service: listed.default([]) }),
]);
const Statement = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: Principals.optional(),
  Action: listed.default([]),
  Resource: listed.default([]),
  Condition: z.record(z.string(), z.record(z.string(), values)).default({}),
});
const Document = z.looseObject({
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
});

export type PolicyStatement = z.infer<typeof Statement>;

/** A request to check: who, which action, which resource, and on behalf of which source. */
export type Wish = { account?: string; service?: string; action: string; resource: string; source?: string };

/** Empty if there is no policy. */
export function parsePolicy(text: string | undefined): PolicyStatement[] {
  return text === undefined || text === '' ? [] : Document.parse(JSON.parse(text)).Statement;
}

export function parseStatement(raw: unknown): PolicyStatement {
  return Statement.parse(raw);
}

/** Whether a statement is about the action and has an AWS principal for which `isMet` is true. */
export function admits({ Principal, Action }: PolicyStatement, action: string, isMet: (principal: string) => boolean): boolean {
  return isAbout(Action, action) && (Principal?.AWS.some(isMet) ?? false);
}

/** A condition that is not supported counts as not met. */
export function isAllowed(statements: PolicyStatement[], wish: Wish): boolean {
  const met = statements.filter((statement) => answerOf(statement, wish) === 'met');
  return met.some(({ Effect }) => Effect === 'Allow') && !met.some(({ Effect }) => Effect === 'Deny');
}

/** Like `isAllowed`, but `unclear` if the result depends on an unsupported condition. */
export function verdictOf(statements: PolicyStatement[], wish: Wish): 'allowed' | 'refused' | 'unclear' {
  const has = (effect: string, answer: Answer) => statements.some((one) => one.Effect === effect && answerOf(one, wish) === answer);
  if (has('Deny', 'met')) return 'refused';
  if (has('Allow', 'met')) return has('Deny', 'unclear') ? 'unclear' : 'allowed';
  return has('Allow', 'unclear') ? 'unclear' : 'refused';
}

/** Whether a statement applies to a wish, including its conditions. */
type Answer = 'met' | 'unmet' | 'unclear';

function answerOf({ Principal, Action, Resource, Condition }: PolicyStatement, wish: Wish): Answer {
  const isOf =
    (Principal === undefined || isPrincipal(Principal, wish)) &&
    isAbout(Action, wish.action) &&
    (Resource.length === 0 || Resource.some((resource) => isLike(resource, wish.resource)));
  const answers = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => answerOfCondition(operator, { key: key.toLowerCase(), values }, wish)),
  );
  if (!isOf || answers.includes('unmet')) return 'unmet';
  return answers.includes('unclear') ? 'unclear' : 'met';
}

function isPrincipal({ AWS, Service }: z.infer<typeof Principals>, { account, service }: Wish): boolean {
  if (service !== undefined) return Service.includes(service) || AWS.includes('*');
  return AWS.some((principal) => principal === '*' || accountOf(principal) === account);
}

function isAbout(actions: string[], wanted: string): boolean {
  return actions.some((action) => isLike(action.toLowerCase(), wanted.toLowerCase()));
}

/** Also of a role or a user. */
export function accountIn(principal: string): string | undefined {
  return /^(?:arn:[\w-]+:\w+::)?(\d{12})(?::.+)?$/.exec(principal)?.[1];
}

/** Only of a whole account: `arn:aws:iam::111122223333:root` or `111122223333`. */
function accountOf(principal: string): string | undefined {
  return /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

function answerOfCondition(operator: string, { key, values }: { key: string; values: string[] }, { source }: Wish): Answer {
  // AWS's services use TLS.
  if (/^Bool(IfExists)?$/.test(operator) && key === 'aws:securetransport') return values.includes('true') ? 'met' : 'unmet';
  if (!/^(Arn|String)(Equals|Like)$/.test(operator) || source === undefined) return 'unclear';
  const isMet = (value: string) =>
    operator === 'StringEquals' ? values.includes(value) : values.some((pattern) => isLike(pattern, value));
  if (key === 'aws:sourcearn') return isMet(source) ? 'met' : 'unmet';
  if (key === 'aws:sourceaccount') return isMet(source.split(':')[4] ?? '') ? 'met' : 'unmet';
  return 'unclear';
}

function isLike(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}
