import * as z from 'zod';

const Template = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** A change to a template without which moto's server could not take it, and why. */
type Adaptation = { what: string; from: string; to: string };

const adaptations: Adaptation[] = [
  {
    what: 'Ref of an event bus answers with an object of its own, not with the name: the parameter with the name is put in its place',
    from: '!Ref EventBus\n',
    to: '!Ref EventBusName\n',
  },
];

/** moto would pass over it, but stumbles over the attributes of alarms that it asks for. */
const leftOut = 'AWS::CloudWatch::Dashboard';

/** What else moto cannot do, and how the suite goes round it. */
export const ways = [
  'moto splits no list that is the default of a parameter: TotogiAccounts is given its default in words',
  `moto knows no attribute of an alarm: ${leftOut}, which asks for some, is left out`,
  'moto makes no Cognito user pool: the service is deployed with an issuer of its own (jwtIssuer)',
  'moto stamps an event with the account of the bus: the same stacks are deployed in one of Totogi’s accounts and in another one',
  'moto would run functions in Docker: the harness takes the batches of the mapping and runs the packaged function',
  'moto checks neither the policy of the bus nor those of queues and log groups',
];

/** The bus’s template as moto can take it. Throws when an adaptation is no longer of use. */
export function adaptBusTemplate(template: string): string {
  return adaptations.reduce((text, { from, to, what }) => {
    if (!text.includes(from)) throw new Error(`Not needed any more: ${what}.`);
    return text.replaceAll(from, to);
  }, template);
}

/** The service’s template as moto can take it. Throws when the adaptation is no longer of use. */
export function adaptServiceTemplate(template: string): string {
  const { Resources, ...rest } = Template.parse(JSON.parse(template));
  const kept = Object.entries(Resources).filter(([, { Type }]) => Type !== leftOut);
  if (kept.length === Object.keys(Resources).length) throw new Error(`Not needed any more: there is no ${leftOut}.`);
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(kept) });
}

export function describeAdaptations(): string[] {
  return [...adaptations.map(({ what }) => `moto: ${what}`), ...ways];
}
