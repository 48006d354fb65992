import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { LocatedFault } from '../../src/configuration/publication-conflict.ts';
import { type Offer, TenantOffers } from '../../src/schemas/offer/offer.ts';
import type { ConfigurationFault } from './fault.ts';
import { languagesOf } from './needed-templates.ts';
import { strayFile, type TenantFile } from './read-tenants.ts';
import { readTextFile } from './text-file.ts';
import { type LineOf, locatedFault, readYaml } from './yaml-file.ts';

const ENDING = '.yml';
const NO_OFFERS: OffersOfTenant = { offers: [], faults: [] };

/** `offers` has only the valid ones. */
export type OffersOfTenant = { offers: Offer[]; faults: ConfigurationFault[] };

/** Reads `<directory>/offers/<tenant>.yml`, which is optional. */
export function readOffers(directory: string, tenant: TenantFile): OffersOfTenant {
  const file = join(directory, 'offers', `${tenant.configuration.tenant}${ENDING}`);
  if (!existsSync(file)) return NO_OFFERS;
  const content = readTextFile(file);
  if ('faults' in content) return { offers: [], faults: content.faults };
  const read = readYaml(TenantOffers, { file, text: content.text });
  if ('faults' in read) return { offers: [], faults: read.faults };
  const { data, lineOf } = read;
  const found = [...misnamed(data.tenant, tenant), ...data.offers.flatMap((offer, index) => checkOffer(offer, index, data.offers, tenant))];
  return { offers: data.offers, faults: place(file, lineOf, found) };
}

/** Files whose tenant has no file of its own would be ignored. */
export function strayOffers(directory: string, tenants: TenantFile[]): ConfigurationFault[] {
  const folder = join(directory, 'offers');
  if (!existsSync(folder)) return [];
  const known = new Set(tenants.map(({ configuration }) => `${configuration.tenant}${ENDING}`));
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !known.has(name) && !existsSync(join(directory, 'tenants', name)))
    .map(({ name }) => strayFile(directory, join(folder, name)));
}

type Found = LocatedFault & { severity?: ConfigurationFault['severity'] };

function place(file: string, lineOf: LineOf, found: Found[]): ConfigurationFault[] {
  return found.map(({ severity = 'error', ...fault }) => locatedFault(file, lineOf, fault, '(file)', severity));
}

function misnamed(named: string, { configuration }: TenantFile): Found[] {
  const expected = configuration.tenant;
  if (named === expected) return [];
  return [{ path: ['tenant'], fault: `is not the file's name, "${expected}"`, remedy: `Write "tenant: ${expected}" or rename the file` }];
}

/** Checks what a schema cannot: an offer against the others and against its tenant. */
function checkOffer(offer: Offer, index: number, all: Offer[], { configuration }: TenantFile): Found[] {
  const at = (...path: PropertyKey[]) => ['offers', index, ...path];
  const found: Found[] = [];
  const first = all.findIndex(({ id }) => id === offer.id);
  if (first < index) found.push({ path: at('id'), fault: 'is the id of an offer above', remedy: 'Give every offer an id of its own' });
  for (const language of languagesOf(configuration).filter((one) => offer.name[one] === undefined))
    found.push({ path: at('name'), fault: `is missing in "${language}", a language of the tenant`, remedy: `Add "${language}: …"` });
  for (const language of offer.audience.languages?.filter((one) => !languagesOf(configuration).includes(one)) ?? [])
    found.push({
      path: at('audience', 'languages'),
      fault: `names "${language}", which the tenant does not speak`,
      remedy: `Write one of: ${languagesOf(configuration).join(', ')}`,
    });
  for (const workflow of offer.trigger.workflows.filter((name) => !configuration.workflows[name].enabled))
    found.push({
      severity: 'warning',
      path: at('trigger', 'workflows'),
      fault: `names ${workflow}, which the tenant has switched off`,
      remedy: `Switch workflows.${workflow} on, or take it out`,
    });
  const { perDay, total } = offer.budget;
  if (perDay === undefined && total === undefined)
    found.push({ severity: 'warning', path: at('budget'), fault: 'has no limit', remedy: 'Write perDay, total or both' });
  if (perDay !== undefined && total !== undefined && perDay > total)
    found.push({
      severity: 'warning',
      path: at('budget', 'perDay'),
      fault: 'is more than there are in all',
      remedy: `Write at most ${total}`,
    });
  if (offer.channels.includes('email') && configuration.email.from.marketing === undefined)
    found.push({
      severity: 'warning',
      path: at('channels'),
      fault: 'sends emails, which are refused: the tenant has no email.from.marketing',
      remedy: `Write email.from.marketing in config/operations/${configuration.tenant}.yml, or leave "email" out`,
    });
  return found;
}
