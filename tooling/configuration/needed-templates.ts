import { templateName } from '../../src/schemas/configuration/published-configuration.ts';
import type { TenantConfiguration } from '../../src/schemas/configuration/tenant-configuration.ts';
import type { Offer } from '../../src/schemas/offer/offer.ts';
import { OFFER_WORKFLOW } from '../../src/schemas/offer/offer-record.ts';
import type { WorkflowDefinition } from '../../src/workflows/define-workflow.ts';
import { REGISTRY } from '../../src/workflows/registry.ts';
import type { ConfigurationFault } from './fault.ts';
import type { TenantFile } from './read-tenants.ts';
import { OFFER_REDEEMED, REPLY_TEMPLATE } from './sample-messages.ts';
import { locatedFault } from './yaml-file.ts';

/**
 * The names of all templates that a tenant needs, without the language: inbound texts get a reply whatever workflows run, and an accepted
 * offer gets a confirmation.
 */
export function neededTemplates({ workflows }: TenantConfiguration, offers: Offer[]): string[] {
  const on = REGISTRY.filter(({ name }) => workflows[name].enabled);
  const offered = workflows[OFFER_WORKFLOW].enabled ? offers : [];
  const ofOffers = [
    ...new Set(offered.flatMap(({ channels, template }) => channels.map((channel) => templateName(OFFER_WORKFLOW, channel, template)))),
  ];
  const redeemed = ofOffers.length > 0 ? [templateName(OFFER_REDEEMED, 'sms')] : [];
  return [REPLY_TEMPLATE, ...ofOffers, ...redeemed, ...on.flatMap(ownTemplates)];
}

function ownTemplates({ name, messages }: WorkflowDefinition): string[] {
  return [...new Set(Object.values(messages).map(({ channel }) => templateName(name, channel)))];
}

/** The tenant's own language first. */
export function languagesOf({ language, languages }: TenantConfiguration): string[] {
  return [...new Set([language, ...languages])];
}

/** A template also counts if it exists in the language without its region. */
export function missingTemplates(
  { file, configuration, lineOf }: TenantFile,
  offers: Offer[],
  { names, folder }: { names: Set<string>; folder: string },
): ConfigurationFault[] {
  return languagesOf(configuration).flatMap((language) => {
    const exists = (name: string) => names.has(`${language}/${name}`) || names.has(`${language.split('-')[0]}/${name}`);
    const index = configuration.languages.indexOf(language);
    return neededTemplates(configuration, offers)
      .filter((name) => !exists(name))
      .map((name) =>
        locatedFault(file, lineOf, {
          path: index < 0 ? ['language'] : ['languages', index],
          fault: `has no template ${language}/${name}.liquid`,
          remedy: `Write ${folder}/${language}/${name}.liquid${name === REPLY_TEMPLATE ? '' : ', or switch the workflow off'}`,
        }),
      );
  });
}
