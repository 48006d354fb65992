import { Context, type Emitter, type Liquid, toValue } from 'liquidjs';

/** A message needs some hundred at most. Each tag, output and text between counts each time that rendering comes to it. */
const MAX_RENDER_NODES = 5_000;
/** Of all that is written, captured text included, and of what filters and ranges make: 30 times the longest text message. */
export const MAX_RENDER_CHARACTERS = 50_000;
/** Counting decides first, on every machine alike. This stops what it cannot see, such as a search in a long text. */
const MAX_RENDER_MILLISECONDS = 1_000;

/** What filters can only do to lists within lists, which no limit of length bounds, or to code in text. Messages need none of them. */
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

/** A template asks for more work, or for more text, than any message takes. */
export class TemplateLimitExceeded extends Error {
  constructor(limit: string) {
    super(`takes more than ${limit}`);
    this.name = 'TemplateLimitExceeded';
  }
}

/** Lets whatever an engine renders count all that it writes, captured text included, before it is written. */
export function limitOutput(liquid: Liquid): void {
  for (const filter of FILTERS_LEFT_OUT) delete liquid.filters[filter];
  const { renderer } = liquid;
  const render = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (templates, context, emitter = boundedEmitter(context)) => render(templates, context, emitter);
}

/** The surroundings of one rendering, with its limits: of nodes and of characters, which are the same on every machine, and of time. */
export function boundedContext(liquid: Liquid, variables: object): Context {
  const limits = { sync: true, memoryLimit: MAX_RENDER_CHARACTERS, renderLimit: MAX_RENDER_MILLISECONDS };
  const context = new Context(variables, liquid.options, limits, { liquid });
  countNodes(context);
  countCharacters(context);
  return context;
}

/** The engine looks at its limit of time before each node. */
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
