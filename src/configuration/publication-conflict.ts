import { OWNED_WORDS, type OwnedName } from './owned-names.ts';

/** `path` leads to a field of the tenant's configuration. */
export type LocatedFault = { path: PropertyKey[]; fault: string; remedy: string };

export class PublicationConflict extends Error {
  override readonly name = 'PublicationConflict';
  readonly refusals: LocatedFault[];

  constructor(refusals: LocatedFault[]) {
    super(refusals.map(({ path, fault, remedy }) => `${path.join('.') || '(all)'}: ${fault}. ${remedy}.`).join('\n'));
    this.refusals = refusals;
  }
}

export const OVERTAKEN: LocatedFault = {
  path: [],
  fault: 'another version of this tenant was published at the same time',
  remedy: 'Look at what is in force now, and publish again',
};

/** Does not reveal which other tenant it is. */
export function takenName({ kind, name, path }: OwnedName): LocatedFault {
  const also = kind === 'email-domain' ? ', or a domain above or below it is' : '';
  const remedy = 'Write one of its own; where it has changed hands, publish the other tenant without it first';
  return { path, fault: `${OWNED_WORDS[kind]} "${name}" is already used by another tenant${also}`, remedy };
}
