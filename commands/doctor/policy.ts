import * as z from 'zod';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
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
  Condition: z.record(z.string(), z.record(z.string(), listed)).default({}),
});
const Document = z.looseObject({
  Statement: z.union([Statement.transform((one) => [one]), z.array(Statement)]),
});

/** A statement of a resource's policy. */
export type PolicyStatement = z.infer<typeof Statement>;

/** Who wants to do what with which resource, and on behalf of what. */
export type Wish = { account?: string; service?: string; action: string; resource: string; source?: string };

/** The statements of a policy's text; none where there is no policy. */
export function readPolicy(text: string | undefined): PolicyStatement[] {
  return text === undefined || text === '' ? [] : Document.parse(JSON.parse(text)).Statement;
}

const Raw = z.object({ Statement: z.union([z.looseObject({}).transform((one) => [one]), z.array(z.looseObject({}))]) });

/** A policy's text with a statement more, in the place of an older one of the same name; the others stay as they are. */
export function withStatement(text: string | undefined, statement: { Sid: string }): string {
  const others = text === undefined || text === '' ? [] : Raw.parse(JSON.parse(text)).Statement.filter(({ Sid }) => Sid !== statement.Sid);
  return JSON.stringify({ Version: '2012-10-17', Statement: [...others, statement] });
}

/** Whether a policy lets somebody do something. A condition that is not understood counts as one that is not met. */
export function isAllowed(statements: PolicyStatement[], wish: Wish): boolean {
  const about = statements.filter((statement) => matches(statement, wish));
  return about.some(({ Effect }) => Effect === 'Allow') && !about.some(({ Effect }) => Effect === 'Deny');
}

function matches({ Principal, Action, Resource, Condition }: PolicyStatement, wish: Wish): boolean {
  return (
    (Principal === undefined || isPrincipal(Principal, wish)) &&
    Action.some((action) => isLike(action.toLowerCase(), wish.action.toLowerCase())) &&
    (Resource.length === 0 || Resource.some((resource) => isLike(resource, wish.resource))) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => isMet(operator, { key, values }, wish)),
    )
  );
}

function isPrincipal({ AWS, Service }: z.infer<typeof Principals>, { account, service }: Wish): boolean {
  if (service !== undefined) return Service.includes(service) || AWS.includes('*');
  return AWS.some((principal) => principal === '*' || accountOf(principal) === account);
}

/** `arn:aws:iam::111122223333:root` or `111122223333`. */
export function accountOf(principal: string): string | undefined {
  return /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(principal)?.[1];
}

function isMet(operator: string, { key, values }: { key: string; values: string[] }, { source }: Wish): boolean {
  const compares = /^(Arn|String)(Equals|Like)$/.test(operator);
  if (!compares || source === undefined) return false;
  if (key.toLowerCase() === 'aws:sourcearn') return values.some((value) => isLike(value, source));
  return key.toLowerCase() === 'aws:sourceaccount' && values.includes(source.split(':')[4] ?? '');
}

function isLike(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(text);
}
