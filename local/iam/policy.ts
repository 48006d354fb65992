import * as z from 'zod';

export const OneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

/** Only the parts that the stack's roles use. Strict, because ignoring an unknown part could allow too much. */
export const PolicyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: OneOrMore,
  Resource: OneOrMore.optional(),
  NotResource: OneOrMore.optional(),
  Condition: z.record(z.string(), z.record(z.string(), OneOrMore)).default({}),
});
export type PolicyStatement = z.infer<typeof PolicyStatement>;

/** `tags` are those of the session; `context` has the values of the service's own condition keys. */
export type AccessRequest = {
  action: string;
  resource: string;
  tags: Record<string, string>;
  context: Record<string, string[]>;
};

/**
 * True when a statement allows the request and none denies it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function isAllowed(statements: PolicyStatement[], request: AccessRequest): boolean {
  const effects = statements.filter((statement) => applies(statement, request)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies({ Action, Resource, NotResource, Condition }: PolicyStatement, request: AccessRequest): boolean {
  const isAbout = (patterns: string[]) => withTags(patterns, request.tags).some((pattern) => isLike(request.resource, pattern));
  return (
    Action.some((pattern) => isLike(request.action.toLowerCase(), pattern.toLowerCase())) &&
    (Resource === undefined || isAbout(Resource)) &&
    (NotResource === undefined || !isAbout(NotResource)) &&
    Object.entries(Condition).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => isMet(operator, valuesOf(key, request), withTags(wanted, request.tags))),
    )
  );
}

const TAG = 'aws:PrincipalTag/';

function valuesOf(key: string, { context, tags }: AccessRequest): string[] {
  const values = key.startsWith(TAG) ? [tags[key.slice(TAG.length)] ?? []].flat() : context[key];
  return values ?? [];
}

/** @throws Error for an unknown operator, which cannot be evaluated. */
function isMet(operator: string, found: string[], wanted: string[]): boolean {
  switch (operator) {
    case 'ForAllValues:StringLike':
      return found.every((value) => wanted.some((pattern) => isLike(value, pattern)));
    case 'ForAllValues:StringEquals':
    case 'StringEqualsIfExists':
      return found.every((value) => wanted.includes(value));
    case 'Null':
      return wanted.includes(String(found.length === 0));
    default:
      throw new Error(`The condition operator ${operator} is not known to the local service.`);
  }
}

/** A pattern whose tag is absent matches nothing. */
function withTags(patterns: string[], tags: Record<string, string>): string[] {
  return patterns.flatMap((pattern) => {
    const names = [...pattern.matchAll(/\$\{aws:PrincipalTag\/([^}]+)\}/g)].map(([, name = '']) => name);
    if (names.some((name) => tags[name] === undefined)) return [];
    return [pattern.replace(/\$\{aws:PrincipalTag\/([^}]+)\}/g, (_, name: string) => escaped(tags[name] ?? ''))];
  });
}

/** Wildcards in a tag's value are literal. */
function escaped(value: string): string {
  return value.replace(/[*?]/g, (wildcard) => `\${${wildcard}}`);
}

/** `*` matches any text, `?` any character; `${*}` and `${?}` are literal. */
function isLike(value: string, pattern: string): boolean {
  const source = pattern.replace(/\$\{([*?])\}|[*?]|[.+^${}()|[\]\\]/g, (found, literal?: string) => {
    if (literal) return `\\${literal}`;
    return found === '*' ? '.*' : found === '?' ? '.' : `\\${found}`;
  });
  return new RegExp(`^${source}$`, 's').test(value);
}
