import type { AskedFor } from '../../src/messaging/template-engine.ts';

const ENTRY = ['amount', 'unit'];
const LIST = ['size', 'first', 'last'];
/** The members that Liquid adds inside a loop. */
const LOOPS: Record<string, string[]> = {
  forloop: ['first', 'index', 'index0', 'last', 'length', 'name', 'rindex', 'rindex0'],
  tablerowloop: ['col', 'col0', 'col_first', 'col_last', 'first', 'index', 'index0', 'last', 'length', 'rindex', 'rindex0', 'row'],
};

/**
 * The fault of a member access in any branch of a template. Only `rollover` has members: it is a list of entries. A template's own
 * variable, such as a loop's, may be the list or one of its entries if the template uses the list.
 */
export function memberFault({ name, members, isOwn }: AskedFor, namesRollover: boolean): { fault: string; remedy: string } | undefined {
  const wrong = firstWrong(members, membersOf(name, isOwn, namesRollover));
  if (wrong === undefined) return undefined;
  const fault = wrong.member === '[...]' ? `what "${name}" is asked for is named by a variable` : `"${name}" has no "${wrong.member}"`;
  const remedy = wrong.known.length === 0 ? `Write "${name}" by itself` : `Write one of: ${wrong.known.join(', ')}`;
  return { fault, remedy };
}

type Shape = { known: string[]; isList?: boolean };

function membersOf(name: string, isOwn: boolean, namesRollover: boolean): Shape {
  const loop = isOwn ? LOOPS[name] : undefined;
  if (loop) return { known: loop };
  if (isOwn) return namesRollover ? { known: [...ENTRY, ...LIST], isList: true } : { known: LIST };
  return name === 'rollover' ? { known: LIST, isList: true } : { known: [] };
}

function firstWrong([member, ...rest]: string[], { known, isList = false }: Shape): { member: string; known: string[] } | undefined {
  if (member === undefined) return undefined;
  const isEntry = isList && (member === 'first' || member === 'last' || /^-?\d+$/.test(member));
  if (!isEntry && !known.includes(member)) return { member, known };
  return firstWrong(rest, { known: isEntry ? ENTRY : [] });
}
