import { Liquid } from 'liquidjs';
import { countSms } from '../rules/sms-parts.ts';

/** More than any message needs; a loop without end fails instead of holding a function up. */
const MOST_MEMORY = 1_000_000;
/** A template is all there is to it: it loads no other one and reads no file. */
const TAGS_LEFT_OUT = ['render', 'include', 'layout', 'block'];

const engine = openEngine();

function openEngine(): Liquid {
  const options = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {}, memoryLimit: MOST_MEMORY };
  const liquid = new Liquid(options);
  for (const tag of TAGS_LEFT_OUT) delete liquid.tags[tag];
  liquid.registerFilter('gsm', (value: unknown) => (typeof value === 'string' ? inGsmAlphabet(value) : value));
  return liquid;
}

/**
 * Renders a template's text as it is, without regard to the channel.
 *
 * @throws when the text is no Liquid or names a variable that does not exist; `config:check` finds both beforehand.
 */
export function renderTemplate(text: string, variables: Record<string, unknown>): string {
  return engine.parseAndRenderSync(text, variables);
}

/**
 * Every variable that a template asks for, used or not, with the line it is on, counted from 1.
 *
 * @throws when the text is no Liquid.
 */
export function variablesAskedFor(text: string): { name: string; line: number }[] {
  const { globals } = engine.analyzeSync(engine.parse(text), { partials: false });
  return Object.entries(globals).flatMap(([name, places]) => places.map(({ location }) => ({ name, line: location.row })));
}

/** Letters that GSM-7 lacks without their marks ("días" is "dias"), so that a text keeps its price; everything else as it is. */
function inGsmAlphabet(text: string): string {
  return [...text.normalize('NFC')].map((letter) => (isGsm(letter) ? letter : withoutMarks(letter))).join('');
}

function withoutMarks(letter: string): string {
  const bare = letter.normalize('NFD').replace(/\p{M}/gu, '');
  return isGsm(bare) ? bare : letter;
}

function isGsm(letter: string): boolean {
  return countSms(letter).encoding === 'GSM-7';
}
