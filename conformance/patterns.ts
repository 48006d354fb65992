import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compilePattern } from '../local/event-bus/compile-pattern.ts';
import { UnsupportedPattern } from '../local/event-bus/unsupported-pattern.ts';
import { createRandom } from '../tooling/traffic/random.ts';
import { conformanceDirectory, installJavaLibrary } from './parts/install.ts';
import { runToSuccess } from './parts/run-program.ts';
import { versions } from './parts/versions.ts';
import { elementaryPatterns } from './patterns/elementary-patterns.ts';
import { generateEvent } from './patterns/generate-event.ts';
import { generatePattern } from './patterns/generate-pattern.ts';
import type { Suite } from './suite.ts';

const PAIRS = 12_000;
const PAIRS_WHEN_THOROUGH = 120_000;
/** The fewest pairs per kind that must match, and that must not: otherwise agreement would prove nothing. */
const FEWEST_OF_EACH = 100;
const MAX_FAULTS_REPORTED = 10;
/** Each is one claim: all pairs with this kind of match agree. */
const wantedKinds = ['exact', 'prefix', 'suffix', 'anything-but', 'exists', 'numeric', '$or', 'dotted path'];

type Pair = { pattern: string; event: string; kinds: Set<string> };
/** `whole` is event-ruler's answer to the pattern itself, `theirs` to its alternatives one by one, which our own code derives. */
type Judged = Pair & { ours: string; whole: string; theirs: string };

export const patternsSuite: Suite = {
  name: 'patterns',
  about: "AWS's event-ruler matches the same events as the local event bus",
  needs: ['java', 'maven'],
  async run({ seed, thorough, log }) {
    const pairs = generatePairs(seed, thorough ? PAIRS_WHEN_THOROUGH : PAIRS);
    const library = await installJavaLibrary('software.amazon.event.ruler', 'event-ruler', log);
    log(`${pairs.length} pairs of pattern and event, seed ${seed} …`);
    const judged = await judgePairs(library, pairs);
    const unsupported = judged.filter(({ ours }) => ours.startsWith('refused'));
    const compared = judged.filter(({ ours }) => !ours.startsWith('refused'));
    const wavering = compared.filter(missesByItself);
    const disagreeing = compared.filter((pair) => pair.ours !== pair.theirs || (pair.whole !== pair.theirs && !missesByItself(pair)));
    const thin = thinKinds(compared);
    const failedKinds = wantedKinds.filter((kind) => disagreeing.some(({ kinds }) => kinds.has(kind)) || thin.has(kind));
    const matching = compared.filter(({ ours }) => ours === 'true').length;
    return {
      findings: [
        {
          part: `event-ruler ${versions['event-ruler']}`,
          checked: `${compared.length} pairs of pattern and event (${matching} match), by kind of match; ${unsupported.length} more that ours refuses`,
          passed: wantedKinds.length - failedKinds.length,
          failed: failedKinds.length,
        },
      ],
      faults: [...disagreeing.slice(0, MAX_FAULTS_REPORTED).map(summary), ...thin.values()],
      notes: [...describeKinds(compared), ...describeWavering(wavering), ...describeRejections(unsupported)],
    };
  },
};

/**
 * A known fault of event-ruler: it misses an event for the whole pattern that it matches for an alternative. No other contradiction is
 * known.
 */
function missesByItself({ whole, theirs }: Judged): boolean {
  return whole === 'false' && theirs === 'true';
}

function generatePairs(seed: number, count: number): Pair[] {
  const random = createRandom(`patterns-${seed}`);
  return Array.from({ length: count }, () => {
    const event = generateEvent(random);
    const { text, kinds } = generatePattern(random, event);
    return { pattern: text, event: event.text, kinds };
  });
}

async function judgePairs(library: string, pairs: Pair[]): Promise<Judged[]> {
  const answered = pairs.map((pair) => ({ ...pair, ours: askOurs(pair) }));
  const asked = answered.flatMap(({ pattern, event, ours }) => {
    const alternatives = ours.startsWith('refused') ? [] : elementaryPatterns(JSON.parse(pattern));
    return [pattern, ...alternatives].map((text) => ({ pattern: text, event }));
  });
  const answers = Iterator.from(await askRuler(library, asked));
  const next = () => answers.next().value ?? 'no answer';
  return answered.map((pair) => {
    const whole = next();
    const alternatives = pair.ours.startsWith('refused') ? [] : elementaryPatterns(JSON.parse(pair.pattern)).map(next);
    const odd = alternatives.find((answer) => answer !== 'true' && answer !== 'false');
    return { ...pair, whole, theirs: odd ?? String(alternatives.includes('true')) };
  });
}

async function askRuler(library: string, pairs: Pick<Pair, 'pattern' | 'event'>[]): Promise<string[]> {
  const work = join(conformanceDirectory, 'work', 'patterns');
  await mkdir(work, { recursive: true });
  const [asked, answered] = [join(work, 'pairs.txt'), join(work, 'answers.txt')];
  await writeFile(asked, pairs.map(({ pattern, event }) => `${pattern}\t${event}\n`).join(''));
  const source = fileURLToPath(new URL('patterns/RulerMatches.java', import.meta.url));
  await runToSuccess({ command: 'javac', arguments: ['-cp', join(library, '*'), '-d', work, source] });
  await runToSuccess({ command: 'java', arguments: ['-cp', [work, join(library, '*')].join(delimiter), 'RulerMatches', asked, answered] });
  return (await readFile(answered, 'utf8')).trimEnd().split('\n');
}

function askOurs({ pattern, event }: Pair): string {
  try {
    return String(compilePattern(JSON.parse(pattern))(JSON.parse(event)));
  } catch (error) {
    if (!(error instanceof UnsupportedPattern)) throw error;
    return `refused ${error.message}`;
  }
}

/** The kinds of match with too few compared pairs, and the reason. */
function thinKinds(compared: Judged[]): Map<string, string> {
  const counts = wantedKinds.flatMap((kind) =>
    ['true', 'false'].map((answer) => {
      const count = compared.filter(({ kinds, ours }) => kinds.has(kind) && ours === answer).length;
      return { kind, count, fault: `only ${count} pairs with ${kind} answer ${answer}: generate more` };
    }),
  );
  return new Map(counts.filter(({ count }) => count < FEWEST_OF_EACH).map(({ kind, fault }) => [kind, fault]));
}

function describeKinds(compared: Judged[]): string[] {
  const counts = wantedKinds.map((kind) => {
    const ofKind = compared.filter(({ kinds }) => kinds.has(kind));
    return `${kind} ${ofKind.length} (${ofKind.filter(({ ours }) => ours === 'true').length} match)`;
  });
  return [`pairs by kind of match: ${counts.join(', ')}`];
}

/** By reason, with how many of them event-ruler refuses too. */
function describeRejections(unsupported: Judged[]): string[] {
  const reasons = Map.groupBy(unsupported, ({ ours }) =>
    ours.replace(/^refused Event pattern at .*?: /, '').replace(/; supported are.*$/, ''),
  );
  return [...reasons].map(([reason, ofKind]) => {
    const both = ofKind.filter(({ whole }) => whole.startsWith('refused')).length;
    return `ours refuses ${ofKind.length}, and event-ruler ${both} of them: ${reason}`;
  });
}

function describeWavering(wavering: Judged[]): string[] {
  const [shortest] = wavering.toSorted((first, second) => first.pattern.length - second.pattern.length);
  if (!shortest) return [];
  const { pattern, event } = shortest;
  return [
    `event-ruler misses ${wavering.length} pairs of which it matches an alternative; the answers to the alternatives are taken. The shortest: ` +
      `pattern ${pattern} event ${event}`,
  ];
}

function summary({ pattern, event, ours, whole, theirs }: Judged): string {
  return `ours says ${ours}, event-ruler says ${theirs} to the alternatives and ${whole} to the whole: pattern ${pattern} event ${event}`;
}
