import type { WorkflowDefinition } from '../../src/workflows/define-workflow.ts';
import { REGISTRY } from '../../src/workflows/registry.ts';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
type Section = { Resources?: { [logicalId: string]: Json } };
type Serverless = {
  service: { functions: { [key: string]: Json }; resources: Section[]; custom: { workflows: { function: Json; resources: Json } } };
};

/** Gives each workflow what cloudformation/workflows.yml says, and names them all where the stack lists them. */
export class WorkflowFunctions {
  readonly hooks = {};

  /** Done here, because osls checks and names functions before the first hook. */
  constructor({ service }: Serverless) {
    const { function: ofEach, resources } = service.custom.workflows;
    const own = new Set(service.resources.flatMap(({ Resources = {} }) => Object.keys(Resources)));
    for (const definition of REGISTRY) {
      service.functions[definition.name] = fill(ofEach, definition);
      const added = Object.entries(fill(resources, definition) ?? {}).filter(([logicalId]) => !own.has(logicalId));
      service.resources.push({ Resources: Object.fromEntries(added) });
    }
    // In place: osls reads the sections from their array again.
    for (const { Resources = {} } of service.resources)
      for (const [logicalId, resource] of Object.entries(Resources)) Resources[logicalId] = listWorkflows(resource);
  }
}

function fill(template: Json, definition: WorkflowDefinition): Json {
  const { name, startsOffer, messages } = definition;
  const filled: Json = JSON.parse(fillText(JSON.stringify(template), name));
  return keep(filled, { startsOffer, sendsEmail: Object.values(messages).some(({ channel }) => channel === 'email') });
}

function fillText(text: string, name: string): string {
  const words = name.split('-').map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  const oslsName = `${name.charAt(0).toUpperCase()}${name.slice(1)}`.replaceAll('-', 'Dash');
  return text.replaceAll('<name>', name).replaceAll('<Name>', words.join('')).replaceAll('<OslsName>', oslsName);
}

/** Leaves out the entries of lists whose `onlyIf` does not hold. */
function keep(value: Json, facts: { [fact: string]: boolean }): Json {
  if (Array.isArray(value)) return value.filter((item) => holds(item, facts)).map((item) => keep(item, facts));
  if (!isObject(value)) return value;
  const { onlyIf: _, ...rest } = value;
  return Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, keep(inner, facts)]));
}

function holds(item: Json, facts: { [fact: string]: boolean }): boolean {
  return !isObject(item) || item.onlyIf === undefined || facts[String(item.onlyIf)] === true;
}

function listWorkflows(value: Json): Json {
  if (typeof value === 'string') return value.replace(/<forEachWorkflow>(.*?)<\/forEachWorkflow>/g, (_, text: string) => textForEach(text));
  if (Array.isArray(value)) return value.flatMap((item) => itemsOf(item));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listWorkflows(inner)]));
}

function textForEach(text: string): string {
  return REGISTRY.map(({ name }) => fillText(text, name)).join(', ');
}

function itemsOf(item: Json): Json[] {
  if (!isObject(item) || item.forEachWorkflow === undefined) return [listWorkflows(item)];
  const { forEachWorkflow } = item;
  return REGISTRY.map((definition) => fill(forEachWorkflow, definition));
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// biome-ignore lint/style/noDefaultExport: a plugin is what its module exports by default.
export default WorkflowFunctions;
