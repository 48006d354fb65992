import { readFileSync } from 'node:fs';
import { type CollectionTag, parse, type ScalarTag, YAMLMap } from 'yaml';
import * as z from 'zod';

const Template = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string() })),
  Conditions: z.record(z.string(), z.unknown()),
  Rules: z.record(z.string(), z.unknown()).optional(),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string(), Properties: z.record(z.string(), z.unknown()).default({}) })),
});
/** As much of a CloudFormation template as the tests look at. */
export type Template = z.infer<typeof Template>;

/** The service's stack as `serverless package` compiled it. */
export function serviceTemplate(): Template {
  return Template.parse(JSON.parse(readFileSync('.serverless/cloudformation-template-update-stack.json', 'utf8')));
}

/** The bus's stack as it stands in the project. */
export function eventBusTemplate(): Template {
  return Template.parse(parse(readFileSync('cloudformation/event-bus.yml', 'utf8'), { customTags: shortForms }));
}

/**
 * Every resource of one type, by logical id, with the properties that the schema asks for.
 *
 * @throws when a resource lacks one of them
 */
export function resourcesOf<T extends z.ZodType>(template: Template, type: string, properties: T): [string, z.infer<T>][] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, resource]) => [id, properties.parse(resource.Properties)]);
}

/** Takes out of a compiled template what changes with every build: hashes of code, and the folder that a build is uploaded to. */
export function withoutBuildTraces(template: Template): unknown {
  const text = JSON.stringify(template)
    .replaceAll(/(LambdaVersion)[A-Za-z0-9]+/g, '$1<hash>')
    .replaceAll(/("CodeSha256":)"[^"]+"/g, '$1"<hash>"')
    .replaceAll(/\d{13}-\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '<build>');
  return JSON.parse(text);
}

/** `{ "Fn::GetAtt": [id, "Arn"] }` or `{ "Ref": id }`, read as the logical id. */
export const LogicalId = z.union([
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }).transform((reference) => reference['Fn::GetAtt'][0]),
  z.object({ Ref: z.string() }).transform((reference) => reference.Ref),
]);

// What `yaml` does not know by itself: CloudFormation's short forms, read as the long ones that a compiled template has.
const shortForms: (ScalarTag | CollectionTag)[] = [
  { tag: '!Ref', resolve: (id) => ({ Ref: id }) },
  { tag: '!Condition', resolve: (name) => ({ Condition: name }) },
  { tag: '!GetAtt', resolve: (attribute) => ({ 'Fn::GetAtt': attribute.split('.') }) },
  { tag: '!Sub', resolve: (text) => ({ 'Fn::Sub': text }) },
  ...['If', 'And', 'Or', 'Not', 'Equals'].map((name) => call(name)),
];

function call(name: string): CollectionTag {
  return {
    tag: `!${name}`,
    collection: 'seq',
    resolve(list) {
      const map = new YAMLMap();
      map.set(`Fn::${name}`, list);
      return map;
    },
  };
}
