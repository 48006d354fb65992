import { Liquid, LiquidError, type Template } from 'liquidjs';
import { MAX_TEMPLATE_CHARACTERS } from '../schemas/configuration/published-configuration.ts';
import { countSms } from './sms-parts.ts';
import { boundedContext, limitOutput, TemplateLimitExceeded } from './template-limits.ts';

/** A template must not load other templates or files. */
const TAGS_LEFT_OUT = ['render', 'include', 'layout', 'block'];

/** Parsed templates in the cache: few are used often. */
const MAX_PARSED = 20;

const engine = createEngine();
const parsedTemplates = new Map<string, Template[]>();

function createEngine(): Liquid {
  // Set explicitly: the engine would ask ICU for the locale, which takes longer than loading the engine. Lambda's is the same.
  const locale = 'en-US';
  const options = {
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    parseLimit: MAX_TEMPLATE_CHARACTERS,
    locale,
  };
  const liquid = new Liquid(options);
  for (const tag of TAGS_LEFT_OUT) delete liquid.tags[tag];
  limitOutput(liquid);
  liquid.registerFilter('gsm', function (value: unknown) {
    if (typeof value !== 'string') return value;
    this.context.memoryLimit.use(value.length);
    return inGsmAlphabet(value);
  });
  return liquid;
}

/** The message contains the kind of fault and the line, never the content. */
export class TemplateFailed extends Error {
  /** The limit that was exceeded, in words; undefined for other faults. */
  readonly exceeded: string | undefined;

  constructor(cause: unknown) {
    const exceeded = exceededLimit(cause);
    const kind = exceeded ?? (cause instanceof Error ? cause.name : typeof cause);
    const [, line] = (cause instanceof Error && /, line:(\d+)/.exec(cause.message)) || [];
    super(`A template could not be rendered: ${kind}${line === undefined ? '' : ` in line ${line}`}.`, { cause });
    this.name = 'TemplateFailed';
    this.exceeded = exceeded;
  }
}

function exceededLimit(cause: unknown): string | undefined {
  const first = cause instanceof LiquidError ? cause.originalError : cause;
  return first instanceof TemplateLimitExceeded ? first.message : undefined;
}

/**
 * Renders without regard to the channel.
 *
 * @throws TemplateFailed when the text is not valid Liquid, names an unknown variable or exceeds a limit. `config:check` finds most of
 * these before publication.
 */
export function renderTemplate(text: string, variables: Record<string, unknown>): string {
  try {
    return String(engine.renderSync(parse(text), boundedContext(engine, variables)));
  } catch (error) {
    throw new TemplateFailed(error);
  }
}

function parse(text: string): Template[] {
  const parsed = parsedTemplates.get(text) ?? engine.parse(text);
  parsedTemplates.set(text, parsed);
  const [oldest] = parsedTemplates.keys();
  if (parsedTemplates.size > MAX_PARSED && oldest !== undefined) parsedTemplates.delete(oldest);
  return parsed;
}

/** `members` is the path after the name; `isOwn` means that the template itself defines the variable. */
export type AskedFor = { name: string; members: string[]; isOwn: boolean; line: number };

/**
 * Every variable of a template, in all branches. Lines count from 1.
 *
 * @throws when the text is not valid Liquid.
 */
export function variablesAskedFor(text: string): AskedFor[] {
  const { variables, globals } = engine.analyzeSync(engine.parse(text), { partials: false });
  return Object.entries(variables).flatMap(([name, places]) =>
    places.map(({ segments, location: { row, col } }) => {
      const isOwn = !globals[name]?.some(({ location }) => location.row === row && location.col === col);
      return { name, members: segments.slice(1).map(memberName), isOwn, line: row };
    }),
  );
}

/** A computed member can be any. */
function memberName(segment: unknown): string {
  return Array.isArray(segment) || typeof segment === 'object' ? '[...]' : String(segment);
}

/** Removes accents that GSM-7 lacks ("días" becomes "dias"), because they would raise the price of a text. */
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
