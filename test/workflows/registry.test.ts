import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { NOTIFICATION_TYPES, type NotificationType } from '../../src/schemas/event/notification-type.ts';
import type { WorkflowDefinition } from '../../src/workflows/define-workflow.ts';
import { REGISTRY } from '../../src/workflows/registry.ts';

const definitions: readonly WorkflowDefinition[] = REGISTRY;

test('each recognised type of notification starts exactly one workflow', () => {
  const started = definitions.flatMap(({ startedBy }) => startedBy);
  expect(started.toSorted()).toEqual(NOTIFICATION_TYPES.filter((type) => type !== 'Unrecognised').toSorted());
});

test('every folder with a definition is in the registry', () => {
  const folders = readdirSync('src/workflows', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('/definition.ts'));
  expect(folders.toSorted()).toEqual(definitions.map(({ name }) => `${name}/definition.ts`).toSorted());
});

describe('docs/configuration.md', () => {
  const text = readFileSync('docs/configuration.md', 'utf8');
  const rows = text.split('### Workflows')[1]?.split('\n\n')[1]?.split('\n').slice(2) ?? [];

  test('lists every workflow in order', () => {
    expect(rows.map((row) => row.split('`')[1])).toEqual(definitions.map(({ name }) => name));
  });

  test.each(definitions)('says what $name tells of, and by which channels', ({ name, startedBy, messages }) => {
    const row = rows.find((line) => line.startsWith(`| \`${name}\` |`)) ?? '';
    const asDocumented = (type: NotificationType) => (type === 'CounterThreshold' ? 'counters' : type);
    for (const type of startedBy) expect(row).toContain(asDocumented(type));
    for (const { channel } of Object.values(messages)) expect(row).toContain(channel === 'sms' ? 'SMS' : 'email');
  });

  test.each(definitions)('says what can be set for $name', ({ settings }) => {
    for (const field of Object.keys(settings.shape)) expect(text).toContain(`| \`${field}\` |`);
  });
});
