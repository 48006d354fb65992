import { expect, test } from 'vitest';
import { applyNumberOptOut, type NumberOptOuts } from '../../src/profiles/apply-number-opt-out.ts';
import type { MessageClass } from '../../src/schemas/message/message-class.ts';

const at = (hour: number) => `2026-05-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
const consent = (given: boolean, hour: number) => ({ given, source: 'shop', at: at(hour) });

test.each<[string, MessageClass, ReturnType<typeof consent> | undefined, NumberOptOuts, boolean | undefined]>([
  ['nothing was said', 'service', undefined, {}, undefined],
  ['only the profile says something', 'marketing', consent(true, 1), {}, true],
  ['the number said stop', 'service', undefined, { stoppedAt: at(2) }, false],
  ['the number said stop after a consent', 'marketing', consent(true, 1), { stoppedAt: at(2) }, false],
  ['a consent came after the stop', 'marketing', consent(true, 3), { stoppedAt: at(2) }, true],
  ['a start came after the stop', 'service', undefined, { stoppedAt: at(2), startedAt: at(3) }, undefined],
  ['a stop came after the start', 'service', consent(true, 1), { stoppedAt: at(3), startedAt: at(2) }, false],
  ['a start does not give marketing back', 'marketing', consent(true, 1), { stoppedAt: at(2), startedAt: at(3) }, false],
  ['a start does not overrule what the profile withdrew', 'service', consent(false, 1), { stoppedAt: at(2), startedAt: at(3) }, false],
  ['what the law requires is no matter of consent', 'regulatory', undefined, { stoppedAt: at(2) }, undefined],
])('%s', (_case, messageClass, given, words, stands) => {
  expect(applyNumberOptOut(messageClass, given, words)?.given).toBe(stands);
});
