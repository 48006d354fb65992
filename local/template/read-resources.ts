import * as z from 'zod';
import { StartupFault } from '../startup-fault.ts';
import { resolveValue, type TemplateResource, type TemplateScope } from './values.ts';

export type Resources = { scope: TemplateScope; of<T>(type: string, shape: z.ZodType<T>): { logicalId: string; properties: T }[] };

export function resourcesOf(scope: TemplateScope): Resources {
  const present = Object.entries(scope.resources).filter(([, resource]) => exists(resource, scope));
  return {
    scope,
    of: (type, shape) =>
      present
        .filter(([, resource]) => resource.Type === type)
        .map(([logicalId, resource]) => ({ logicalId, properties: resourceProperties({ logicalId, resource, scope, shape }) })),
  };
}

function exists(resource: TemplateResource, scope: TemplateScope): boolean {
  return resource.Condition === undefined || Boolean(resolveValue({ Condition: resource.Condition }, scope));
}

function resourceProperties<T>(from: { logicalId: string; resource: TemplateResource; scope: TemplateScope; shape: z.ZodType<T> }): T {
  const { logicalId, resource, scope, shape } = from;
  // Resolves only what the shape names, because a template contains much that no local part reads.
  const wanted = shape instanceof z.ZodObject ? Object.keys(shape.shape) : Object.keys(resource.Properties);
  const picked = Object.fromEntries(Object.entries(resource.Properties).filter(([name]) => wanted.includes(name)));
  return parseShape(shape, resolveValue(picked, scope), `${logicalId} (${resource.Type}) in the packaged template`);
}

/** @throws StartupFault that names each fault. */
export function parseShape<T>(shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StartupFault(`${what} is not as the local service expects it: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}.`);
}
