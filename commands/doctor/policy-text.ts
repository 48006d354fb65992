import * as z from 'zod';
import { admits, parseStatement } from './policy.ts';

const listed = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const Raw = z.looseObject({
  Version: z.string().default('2012-10-17'),
  Statement: z.union([z.looseObject({}).transform((one) => [one]), z.array(z.looseObject({}))]),
});
const Principals = z.union([z.literal('*').transform(() => ({ AWS: ['*'] })), z.looseObject({ AWS: listed.optional() })]);

/** Adds a statement, or replaces the one with the same Sid. The others stay. */
export function withStatement(text: string | undefined, statement: { Sid: string; [member: string]: unknown }): string {
  const document = read(text);
  const others = document.Statement.filter(({ Sid }) => Sid !== statement.Sid);
  return JSON.stringify({ ...document, Statement: [...others, statement] });
}

/** Removes these principals from the action. Other principals of the same statement stay. */
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
