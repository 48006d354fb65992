import { OWNED_WORDS, type OwnedName } from '../rules/owned-names.ts';
import type { Refusal } from '../rules/unlisted-hosts.ts';

/** A configuration that may not be put into force, and why. Nothing of it is. */
export class PublicationRefused extends Error {
  override readonly name = 'PublicationRefused';
  readonly refusals: Refusal[];

  constructor(refusals: Refusal[]) {
    super(refusals.map(({ path, fault, remedy }) => `${path.join('.') || '(all)'}: ${fault}. ${remedy}.`).join('\n'));
    this.refusals = refusals;
  }
}

export const OVERTAKEN: Refusal = {
  path: [],
  fault: 'another version of this tenant was published at the same time',
  remedy: 'Look at what is in force now, and publish again',
};

/** Which other tenant it is, is nobody's business. */
export function takenName({ kind, name, path }: OwnedName): Refusal {
  const also = kind === 'email-domain' ? ', or a domain above or below it is' : '';
  const remedy = 'Write one of its own; where it has changed hands, publish the other tenant without it first';
  return { path, fault: `${OWNED_WORDS[kind]} "${name}" is already used by another tenant${also}`, remedy };
}
