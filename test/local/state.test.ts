import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { inTransaction, openState, StateUnusable } from '../../local/state.ts';
import { temporaryDirectory } from './temporary-directory.ts';

test('the folder is made, and what was written is there at the next opening', () => {
  const directory = join(temporaryDirectory(), 'not', 'there', 'yet');
  const first = openState(directory);
  first.db.exec('CREATE TABLE facts (fact TEXT); INSERT INTO facts VALUES (1)');
  first.close();
  const second = openState(directory);
  expect(second.db.prepare('SELECT fact FROM facts').get()?.fact).toBe('1');
  second.close();
});

test('a transaction that throws leaves nothing behind', () => {
  const state = openState(temporaryDirectory());
  state.db.exec('CREATE TABLE facts (fact TEXT)');
  const work = () => {
    state.db.exec('INSERT INTO facts VALUES (1)');
    throw new Error('in the middle');
  };
  expect(() => inTransaction(state, work)).toThrow('in the middle');
  expect(state.db.prepare('SELECT count(*) AS n FROM facts').get()?.n).toBe(0);
  state.close();
});

test('a damaged file is refused with what to do', () => {
  const directory = temporaryDirectory();
  writeFileSync(
    join(directory, 'state.db'),
    'this is no database, whatever its name says, and long enough to be read as a header'.repeat(20),
  );
  expect(() => openState(directory)).toThrow(StateUnusable);
  expect(() => openState(directory)).toThrow(`delete the folder ${directory} to start empty`);
});

test('a file damaged behind its header is refused too', () => {
  const directory = temporaryDirectory();
  const state = openState(directory);
  state.db.exec('CREATE TABLE facts (fact TEXT)');
  for (let fact = 0; fact < 500; fact += 1) state.db.exec(`INSERT INTO facts VALUES ('${'fact'.repeat(50)}')`);
  state.close();
  const file = openSync(join(directory, 'state.db'), 'r+');
  writeSync(file, Buffer.alloc(8_192, 0xff), 0, 8_192, 8_192);
  closeSync(file);
  expect(() => openState(directory)).toThrow(StateUnusable);
});

test('a folder that cannot be made is refused with its name', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  expect(() => openState(join(file, 'state'))).toThrow(StateUnusable);
  expect(() => openState(file)).toThrow(`${file} is a file, and the state needs a folder`);
});

test('a newer format is refused', () => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  const db = new DatabaseSync(join(directory, 'state.db'));
  db.exec('PRAGMA user_version = 99');
  db.close();
  expect(() => openState(directory)).toThrow('written by a newer version of this service');
});
