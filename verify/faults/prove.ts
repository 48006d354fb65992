import { createCarriers } from './carriers.ts';
import type { Check, Contacts, Evidence } from './checks/check.ts';
import { checkEpisodes } from './checks/episodes.ts';
import { checkTakenIn } from './checks/ingested.ts';
import { checkMessages, listUnknown } from './checks/messages.ts';
import { checkOffers, listStuck } from './checks/offers.ts';
import { checkRunMessages } from './checks/run-messages.ts';
import { checkRuns, checkStarts } from './checks/runs.ts';
import { addContacts } from './contacts.ts';
import { checkCoverage, coverageOf } from './coverage.ts';
import { deliverLate, deliverWaves, drainQueues, drainRuns, paceByQueue } from './drive.ts';
import { evidenceOf } from './evidence.ts';
import { type Harness, startHarness } from './harness.ts';
import { createFaultPlan } from './injection/fault-plan.ts';
import type { FaultSource } from './injection/fault-proxy.ts';
import { tallyIntake, tallyOffers, tallyRuns } from './ledgers.ts';
import { faultSourceOf, type MutationName, takeForAnother } from './mutations.ts';
import { checkOutage, createOutage, type Outage, type OutageOptions, outagePlan } from './outage.ts';
import { type Plan, planOf } from './plan.ts';
import type { Proof } from './report.ts';
import { createSubscribers } from './subscribers.ts';

export type ProofOptions = {
  events: number;
  seed: number;
  ingestOnly: boolean;
  withFaults: boolean;
  mutation: MutationName | undefined;
  /** The state stays on disk. */
  keep: boolean;
  log: (line: string) => void;
};

/** Sends notifications while faults happen, lets everything finish, and compares the ledgers. */
export async function prove(options: ProofOptions): Promise<Proof> {
  const startedAt = performance.now();
  const faults = createFaultPlan(options.seed);
  const ofTheMutation = faultSourceOf(options.mutation);
  const nextFault: FaultSource = (read, sandbox) =>
    ofTheMutation(read, sandbox) ?? (options.withFaults ? faults.next(read.seam, sandbox.id) : undefined);
  const harness = await startHarness({ ...options, nextFault });
  try {
    const plan = planOf({ ...options, startsAt: harness.parts.clock.now() });
    const evidence = options.ingestOnly ? await ingest(harness, plan, options) : await ingestAndReport(harness, plan, options);
    const checks = options.ingestOnly ? checkIntake(evidence) : checkAll(evidence);
    return proofOf(harness, { options, evidence, checks, seams: faults.counts(), startedAt });
  } finally {
    await harness.close();
  }
}

/** Runs the outage drill: hours with one dependency down, and the recovery. */
export async function drill(options: OutageOptions): Promise<Proof> {
  const startedAt = performance.now();
  const outage = createOutage(options);
  const harness = await startHarness({
    nextFault: outage.nextFault,
    mutation: undefined,
    ingestOnly: false,
    keep: options.keep,
    log: options.log,
  });
  try {
    const drillOptions = { ...options, ingestOnly: false, withFaults: false, mutation: undefined };
    const evidence = await ingestAndReport(harness, outagePlan(harness, options), { ...drillOptions, outage });
    const caughtUp = outage.caughtUp();
    const checks = [...checkAll(evidence), ...checkOutage(evidence, caughtUp)];
    return { ...proofOf(harness, { options: drillOptions, evidence, checks, seams: [], startedAt }), caughtUp };
  } finally {
    await harness.close();
  }
}

function checkIntake(evidence: Evidence): Check[] {
  return [...checkTakenIn(evidence), ...checkStarts(evidence), checkHarness(evidence)];
}

function checkAll(evidence: Evidence): Check[] {
  return [
    ...checkIntake(evidence),
    ...checkRuns(evidence),
    ...checkMessages(evidence),
    ...checkRunMessages(evidence),
    ...checkEpisodes(evidence),
    ...checkOffers(evidence),
  ];
}

type Outcome = Pick<Proof, 'options' | 'checks' | 'seams'> & { evidence: Evidence; startedAt: number };

function proofOf(harness: Harness, { options, checks, seams, evidence, startedAt }: Outcome): Proof {
  const seconds = (performance.now() - startedAt) / 1_000;
  const ledgers = [...tallyIntake(evidence), ...(options.ingestOnly ? [] : [...tallyRuns(evidence), ...tallyOffers(evidence)])];
  const redelivered = harness.redelivery.count();
  const coverage = coverageOf({ seams, evidence, redelivered });
  const all = options.withFaults ? [...checks, ...checkCoverage(coverage, options.events)] : checks;
  const lists = { stuck: listStuck(evidence), unknown: listUnknown(evidence) };
  return { options, checks: all, seams, ledgers, coverage, ...lists, redelivered, seconds };
}

/** To the service, a failure in the proof's own code would look like one more status 500, and it would recover from it. */
function checkHarness({ recorder }: Evidence): Check {
  return { claim: "the proof's own parts never failed", ledgers: 'what was done to it', looked: recorder.asked, wrong: recorder.broken };
}

async function ingest(harness: Harness, plan: Plan, { log }: ProofOptions): Promise<Evidence> {
  const contacts: Contacts = new Map();
  const sentIn = await deliverWaves(plan, {
    beforeWave: async () => undefined,
    pace: paceByQueue(harness, plan),
    afterWave: async (wave) => log(`${wave} of ${plan.waves} waves are taken in`),
  });
  await deliverLate(harness, plan, { sentIn, meanwhile: async () => undefined });
  return evidenceOf(harness, { sentIn, contacts, carrierReceipts: new Map(), subscribers: undefined });
}

type Course = Pick<ProofOptions, 'seed' | 'mutation' | 'log'> & { outage?: Outage };

async function ingestAndReport(harness: Harness, plan: Plan, { seed, mutation, log, outage }: Course): Promise<Evidence> {
  const contacts: Contacts = new Map();
  const carriers = createCarriers(harness, seed, mutation === 'receipts' ? takeForAnother(seed) : undefined);
  const subscribers = createSubscribers(harness, seed);
  const sentIn = await deliverWaves(plan, {
    beforeWave: async (fresh, wave) => {
      harness.redelivery.remember(fresh);
      await addContacts(harness, contacts, fresh);
      await outage?.turnAt(harness, plan, wave);
    },
    pace: outage?.pace(harness, plan) ?? paceByQueue(harness, plan),
    afterWave: async (wave) => {
      // In a drill the carriers report at its end.
      if (outage === undefined) carriers.reportMails();
      await subscribers.answer();
      log(`${wave} of ${plan.waves} waves are taken in, ${harness.schedule.running()} runs go on`);
    },
  });
  if (outage === undefined) await deliverLate(harness, plan, { sentIn, meanwhile: subscribers.answer });
  await drainQueues(harness);
  log('The longest workflows go on.');
  if (!(await drainRuns(harness, { meanwhile: subscribers.answer }))) log('Some runs never end.');
  log('The longest workflows are over; the carriers tell what became of the messages.');
  carriers.reportMails();
  await carriers.reportTexts();
  await drainQueues(harness);
  return evidenceOf(harness, { sentIn, contacts, carrierReceipts: carriers.receipts, subscribers });
}
