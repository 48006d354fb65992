import { expect, test } from 'vitest';
import { settings } from '../../src/platform/settings.ts';

const environment = { STAGE: 'test', FUNCTION_PREFIX: 'totogi-notifications-test', TABLE_NAME: 'totogi-notifications-test' };

test.each([
  [undefined, undefined],
  ['', undefined],
  ['https://messages.example.com', 'https://messages.example.com'],
  ['https://messages.example.com/', 'https://messages.example.com'],
  ['https://example.com/messages//', 'https://example.com/messages'],
  ['http://127.0.0.1:4400', 'http://127.0.0.1:4400'],
])('with PUBLIC_URL %j the public pages are at %j', (given, publicUrl) => {
  expect(settings(given === undefined ? environment : { ...environment, PUBLIC_URL: given }).publicUrl).toBe(publicUrl);
});

test.each(['messages.example.com', 'ftp://messages.example.com', 'javascript:alert(1)', 'https://'])(
  'PUBLIC_URL %j is refused by name',
  (given) => {
    expect(() => settings({ ...environment, PUBLIC_URL: given })).toThrow(/PUBLIC_URL: .*expected an address/);
  },
);

test('every variable that is missing is named', () => {
  expect(() => settings({})).toThrow(/STAGE.*FUNCTION_PREFIX.*TABLE_NAME/);
});
