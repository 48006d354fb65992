import * as z from 'zod';
import { admits, parseStatement } from './policy.ts';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Raw = z.looseObject({
  Version: z.string().default('2012-10-17'),
  Statement: z.union([z.looseObject({}).transform((one) => [one]), z.array(z.looseObject({}))]),
});
const Principals = z.union([z.literal('*').transform(() => ({ AWS: ['*'] })), z.looseObject({ AWS: listed.optional() })]);

/** A policy's text with a statement more, in the place of an older one of the same name; the others stay as they are. */
export function withStatement(text: string | undefined, statement: { Sid: string; [member: string]: unknown }): string {
  const document = read(text);
  const others = document.Statement.filter(({ Sid }) => Sid !== statement.Sid);
  return JSON.stringify({ ...document, Statement: [...others, statement] });
}

/** A policy's text in which nobody of those is let do the action any more; who stands beside them in a statement stays. */
export function withoutPrincipals(text: string | undefined, action: string, isGone: (principal: string) => boolean): string {
  const document = read(text);
  const left = document.Statement.flatMap((raw) => {
    const statement = parseStatement(raw);
    if (statement.Effect !== 'Allow' || !admits(statement, action, isGone)) return [raw];
    const principals = Principals.parse(raw.Principal);
    const AWS = (principals.AWS ?? []).filter((principal) => !isGone(principal));
    if (AWS.length > 0) return [{ ...raw, Principal: { ...principals, AWS } }];
    const { AWS: _gone, ...others } = principals;
    return Object.keys(others).length > 0 ? [{ ...raw, Principal: others }] : [];
  });
  return JSON.stringify({ ...document, Statement: left });
}

function read(text: string | undefined): z.infer<typeof Raw> {
  return text === undefined || text === '' ? { Version: '2012-10-17', Statement: [] } : Raw.parse(JSON.parse(text));
}
