import * as z from 'zod';

const Template = z.looseObject({ Resources: z.record(z.string(), z.looseObject({ Type: z.string() })) });

/** A change that moto's server needs to accept a template. */
type Adaptation = { what: string; from: string; to: string };

const adaptations: Adaptation[] = [
  {
    what: 'Ref of an event bus answers with an object of its own, not with the name: the parameter with the name is put in its place',
    from: '!Ref EventBus\n',
    to: '!Ref EventBusName\n',
  },
];

/** moto would ignore it, but fails on the attributes of alarms that it uses. */
const leftOut = 'AWS::CloudWatch::Dashboard';

/** Other limits of moto, and the suite's workarounds. */
export const ways = [
  'moto splits no list that is the default of a parameter: TotogiAccounts is given its default in words',
  `moto knows no attribute of an alarm: ${leftOut}, which asks for some, is left out`,
  'moto makes no Cognito user pool: the service is deployed with an issuer of its own (jwtIssuer)',
  'moto stamps an event with the account of the bus: the same stacks are deployed in one of Totogi’s accounts and in another one',
  'moto would run functions in Docker: the harness takes the batches of the mapping and runs the packaged function',
  'moto checks neither the policy of the bus nor those of queues and log groups',
];

/** Throws if an adaptation is no longer needed. */
export function adaptBusTemplate(template: string): string {
  return adaptations.reduce((text, { from, to, what }) => {
    if (!text.includes(from)) throw new Error(`Not needed any more: ${what}.`);
    return text.replaceAll(from, to);
  }, template);
}

/** Throws if the adaptation is no longer needed. */
export function adaptServiceTemplate(template: string): string {
  const { Resources, ...rest } = Template.parse(JSON.parse(template));
  const kept = Object.entries(Resources).filter(([, { Type }]) => Type !== leftOut);
  if (kept.length === Object.keys(Resources).length) throw new Error(`Not needed any more: there is no ${leftOut}.`);
  return JSON.stringify({ ...rest, Resources: Object.fromEntries(kept) });
}

export function describeAdaptations(): string[] {
  return [...adaptations.map(({ what }) => `moto: ${what}`), ...ways];
}
