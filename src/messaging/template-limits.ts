import { Context, type Emitter, type Liquid, toValue } from 'liquidjs';

/** A message needs a few hundred at most. Tags, outputs and texts count each time they are rendered. */
const MAX_RENDER_NODES = 5_000;
/** All output counts, captured text included, and what filters and ranges create: 30 times the longest text message. */
export const MAX_RENDER_CHARACTERS = 50_000;
/**
 * A fallback for what the counters miss, such as a search in a long text. The counters come first, because they give the same result on
 * every machine.
 */
const MAX_RENDER_MILLISECONDS = 1_000;

/** These build nested lists, which no length limit bounds, or run code in text. Messages need none of them. */
const FILTERS_LEFT_OUT = [
  'concat',
  'push',
  'unshift',
  'group_by',
  'group_by_exp',
  'where_exp',
  'reject_exp',
  'has_exp',
  'find_exp',
  'find_index_exp',
  'json',
  'jsonify',
  'inspect',
];

export class TemplateLimitExceeded extends Error {
  constructor(limit: string) {
    super(`takes more than ${limit}`);
    this.name = 'TemplateLimitExceeded';
  }
}

/** Makes the engine count all output before it is written, captured text included. */
export function limitOutput(liquid: Liquid): void {
  for (const filter of FILTERS_LEFT_OUT) delete liquid.filters[filter];
  const { renderer } = liquid;
  const render = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (templates, context, emitter = boundedEmitter(context)) => render(templates, context, emitter);
}

/** The limits of one rendering. Nodes and characters are the same on every machine; time is not. */
export function boundedContext(liquid: Liquid, variables: object): Context {
  const limits = { sync: true, memoryLimit: MAX_RENDER_CHARACTERS, renderLimit: MAX_RENDER_MILLISECONDS };
  const context = new Context(variables, liquid.options, limits, { liquid });
  countNodes(context);
  countCharacters(context);
  return context;
}

/** The engine checks its time limit before each node. */
function countNodes({ renderLimit }: Context): void {
  const checkTime = renderLimit.check.bind(renderLimit);
  let nodes = 0;
  renderLimit.check = (time) => {
    nodes += 1;
    if (nodes > MAX_RENDER_NODES) throw new TemplateLimitExceeded(`${MAX_RENDER_NODES} steps to render`);
    translate(() => checkTime(time), `${MAX_RENDER_MILLISECONDS} ms to render`);
  };
}

function countCharacters({ memoryLimit }: Context): void {
  const use = memoryLimit.use.bind(memoryLimit);
  memoryLimit.use = (count) => translate(() => use(count), `${MAX_RENDER_CHARACTERS} characters of text, lists and ranges`);
}

function translate(check: () => void, limit: string): void {
  try {
    check();
  } catch {
    throw new TemplateLimitExceeded(limit);
  }
}

function boundedEmitter({ memoryLimit }: Context): Emitter {
  const emitter: Emitter = {
    buffer: '',
    write(value: unknown) {
      const plain: unknown = toValue(value);
      if (Array.isArray(plain)) {
        for (const one of plain) emitter.write(one);
        return;
      }
      const text = plain === undefined || plain === null ? '' : String(plain);
      memoryLimit.use(text.length);
      emitter.buffer += text;
    },
  };
  return emitter;
}
