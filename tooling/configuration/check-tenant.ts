import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import * as z from 'zod';
import type { LocatedFault } from '../../src/configuration/publication-conflict.ts';
import type { HoursWindow } from '../../src/schemas/configuration/marketing-rules.ts';
import type { MessageTemplate } from '../../src/schemas/configuration/published-configuration.ts';
import { MAX_SENDER_IDS, type TenantConfiguration, textedCountries } from '../../src/schemas/configuration/tenant-configuration.ts';
import type { MessageClass } from '../../src/schemas/message/message-class.ts';
import { isCountry, isUnknownRegion } from '../../src/schemas/profile/country.ts';
import type { WorkflowName } from '../../src/schemas/run/workflow.ts';
import type { WorkflowDefinition } from '../../src/workflows/define-workflow.ts';
import { REGISTRY } from '../../src/workflows/registry.ts';
import type { ConfigurationFault } from './fault.ts';
import { languagesOf, neededTemplates } from './needed-templates.ts';
import { locationInTenant, type TenantFile } from './read-tenants.ts';

/** 47 CFR 64.1200(c)(1): no telephone solicitation before 8 am or after 9 pm at the called party's location. */
const FEDERAL_HOURS = { from: '08:00', to: '21:00' };

/** An issue of a workflow's `plausibleSettings`. */
const SettingWarning = z.object({ message: z.string(), params: z.object({ remedy: z.string() }) });

type Found = LocatedFault & { severity: ConfigurationFault['severity'] };

/** Checks what a schema cannot: fields that are valid alone, but not together or not in the real world. */
export function checkTenant(tenant: TenantFile, templates: Record<string, MessageTemplate>): ConfigurationFault[] {
  const { configuration } = tenant;
  const found = [
    ...unknownCountries(configuration),
    ...unknownRegions(configuration),
    ...unknownCurrency(configuration),
    ...hoursFaults(configuration),
    ...limitFaults(configuration),
    ...senderFaults(configuration, templates),
    ...contactFaults(configuration),
    ...numberFaults(configuration),
    ...senderIdFaults(configuration),
    ...deviceFaults(configuration),
    ...textedCountryFaults(configuration),
  ];
  return found.map(({ severity, ...fault }) => locationInTenant(tenant, fault, severity));
}

/** Contacts from Totogi's account need the settings that reach Totogi. */
function contactFaults({ contacts, totogi }: TenantConfiguration): Found[] {
  const index = contacts.findIndex((source) => typeof source === 'object');
  if (index < 0 || totogi !== undefined) return [];
  const remedy = 'Add a section totogi with the region or the endpoint, or take it away here';
  return [{ severity: 'error', path: ['contacts', index], fault: "is in Totogi's account, and nothing says how to reach Totogi", remedy }];
}

function numberFaults({ sms }: TenantConfiguration): Found[] {
  return sms.numbers.flatMap(({ number, country }, index) => {
    const dialled = number.startsWith('+') ? parsePhoneNumberFromString(number)?.country : country;
    if (dialled === country) return [];
    const fault = dialled === undefined ? 'is no number of any country' : `is a number of ${dialled}, not of ${country}`;
    const remedy = dialled === undefined ? 'Write it as AWS shows it' : `Write "country: ${dialled}", or the right number`;
    return [{ severity: 'error', path: ['sms', 'numbers', index, 'number'], fault, remedy }];
  });
}

function senderIdFaults({ senderId, sms }: TenantConfiguration): Found[] {
  const ids = new Set([senderId, ...Object.values(sms.senderIds)].flatMap((id) => id?.toLowerCase() ?? []));
  if (ids.size <= MAX_SENDER_IDS) return [];
  const fault = `has ${ids.size} different sender ids`;
  return [{ severity: 'error', path: ['sms', 'senderIds'], fault, remedy: `Use at most ${MAX_SENDER_IDS} different ones` }];
}

function deviceFaults({ contacts, deviceIds }: TenantConfiguration): Found[] {
  if (deviceIds !== undefined || !contacts.includes('device')) return [];
  const fault = 'is missing, so no device id is taken for a phone number';
  const remedy = 'Write deviceIds: msisdn where device ids are phone numbers with their country code, else imsi or other';
  return [{ severity: 'warning', path: ['deviceIds'], fault, remedy }];
}

/** Anyone who can set a number could earn from a distant one, so texts need a list of countries. */
function textedCountryFaults(configuration: TenantConfiguration): Found[] {
  const { sms, country } = configuration;
  if (textedCountries(configuration).length === 0) {
    const fault = 'is missing, and so is country: no text goes out (no-countries)';
    return [{ severity: 'warning', path: ['sms', 'countries'], fault, remedy: 'Name the countries whose numbers get texts, such as [US]' }];
  }
  if (sms.countries !== undefined) return [];
  const fault = `is missing: texts go to numbers of the tenant's own country ${country} only`;
  return [
    { severity: 'warning', path: ['sms', 'countries'], fault, remedy: `Write [${country}], and add others where subscribers have numbers` },
  ];
}

function unknownCountries({ hours, sms, country }: TenantConfiguration): Found[] {
  const places: { path: PropertyKey[]; code: string }[] = [
    ...(country === undefined ? [] : [{ path: ['country'], code: country }]),
    ...(sms.countries ?? []).map((code, index) => ({ path: ['sms', 'countries', index], code })),
    ...Object.keys(hours.countries).map((code) => ({ path: ['hours', 'countries', code], code })),
    ...Object.keys(sms.senderIds).map((code) => ({ path: ['sms', 'senderIds', code], code })),
  ];
  return places
    .filter(({ code }) => !isCountry(code))
    .map(({ path, code }) => ({
      severity: 'error',
      path,
      fault: 'is no country',
      remedy: code === 'UK' ? 'Write GB' : 'Write an ISO 3166 country code such as GB',
    }));
}

function unknownRegions({ hours }: TenantConfiguration): Found[] {
  return Object.entries(hours.countries).flatMap(([country, { regions }]) =>
    Object.keys(regions)
      .filter((region) => isUnknownRegion(country, region))
      .map((region) => {
        const remedy = 'Write the second half of an ISO 3166-2 code such as FL of US-FL: hours under another name apply to nobody';
        return { severity: 'error', path: ['hours', 'countries', country, 'regions', region], fault: `is no region of ${country}`, remedy };
      }),
  );
}

function unknownCurrency({ currency }: TenantConfiguration): Found[] {
  if (currency === undefined || Intl.supportedValuesOf('currency').includes(currency)) return [];
  return [{ severity: 'error', path: ['currency'], fault: 'is no currency', remedy: 'Write an ISO 4217 code such as USD' }];
}

function hoursFaults({ hours }: TenantConfiguration): Found[] {
  return Object.entries(hours.countries).flatMap(([country, window]) => {
    const path = ['hours', 'countries', country];
    const wider = Object.entries(window.regions)
      .filter(([, region]) => isWider(region, window))
      .map(([region]): Found => {
        const remedy = 'A region narrows its country: check which of the two is right';
        return { severity: 'warning', path: [...path, 'regions', region], fault: 'is wider than its country', remedy };
      });
    if (country !== 'US' || !isWider(window, FEDERAL_HOURS)) return wider;
    const fault = 'is wider than 08:00 to 21:00, which federal rules allow (47 CFR 64.1200)';
    return [{ severity: 'warning', path, fault, remedy: 'Narrow it, unless your counsel says otherwise' }, ...wider];
  });
}

/** Times of day compare as text. */
function isWider(window: HoursWindow, limit: HoursWindow): boolean {
  return window.from < limit.from || window.to > limit.to;
}

/** A limit that makes another one meaningless is a mistake, though each is valid alone. */
function limitFaults({ caps, workflows }: TenantConfiguration): Found[] {
  const found = REGISTRY.flatMap(({ name, plausibleSettings }: WorkflowDefinition & { name: WorkflowName }) =>
    (plausibleSettings?.safeParse(workflows[name]).error?.issues ?? []).map((issue): Found => {
      const { message: fault, params } = SettingWarning.parse(issue);
      return { severity: 'warning', path: ['workflows', name, ...issue.path], fault, remedy: params.remedy };
    }),
  );
  if (caps.perDay <= caps.perWeek) return found;
  const remedy = `Write at most ${caps.perWeek}, or raise caps.perWeek`;
  return [{ severity: 'warning', path: ['caps', 'perDay'], fault: 'is more than a week allows', remedy }, ...found];
}

function senderFaults(configuration: TenantConfiguration, templates: Record<string, MessageTemplate>): Found[] {
  const needed = languagesOf(configuration).flatMap((language) => neededTemplates(configuration, []).map((name) => `${language}/${name}`));
  const mails = needed.filter((name) => name.endsWith('.email'));
  const used = new Set(needed.flatMap((name) => templates[name]?.class ?? []));
  const mailed = new Set(mails.flatMap((name) => templates[name]?.class ?? []));
  const senders = [...mailed].filter((messageClass) => configuration.email.from[messageClass] === undefined).map(noSender);
  const { default: window, countries } = configuration.hours;
  const goesNowhere = used.has('marketing') && window === undefined && Object.keys(countries).length === 0;
  const remedy = 'Name the hours of each country that marketing may go to';
  return goesNowhere
    ? [...senders, { severity: 'warning', path: ['hours'], fault: 'has no country, so no marketing goes out', remedy }]
    : senders;
}

function noSender(messageClass: MessageClass): Found {
  const fault = `has no address for the class ${messageClass}, so such emails are refused (no-sender)`;
  const remedy = `Add email.from.${messageClass}, or switch the workflows that mail off`;
  return { severity: 'warning', path: ['email', 'from', messageClass], fault, remedy };
}
