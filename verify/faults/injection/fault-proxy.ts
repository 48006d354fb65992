import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { invocationOf } from '../../../local/functions/trace.ts';
import { type AwsRequest, type HttpReply, sendReply } from '../../../local/http-server.ts';
import { type AwsProxy, type Behind, type Execute, openAwsProxy } from '../../shared/aws-proxy.ts';
import type { Asked, Watch } from '../recorder.ts';
import type { Sandbox, Sandboxes } from '../sandboxes.ts';
import { errorsFor } from './error-answers.ts';
import { ANSWERED, type FaultKind, NOTHING_DONE } from './fault-kinds.ts';
import { parseRequest, type ReadRequest } from './seams.ts';

export type FaultSource = (read: ReadRequest, sandbox: Sandbox) => FaultKind | undefined;

/** An error of a stand-in: it changes a request before it is executed, and the proof must notice. */
export type Mutation = (request: AwsRequest, read: ReadRequest) => AwsRequest;

/** The proxy with a second port, at which SNS and SES are. */
export type FaultProxy = Omit<AwsProxy, 'port'> & {
  carriersUrl: string;
  /** Opens or closes the port of SNS and SES. */
  reachCarriers(reachable: boolean): Promise<void>;
};

export type FaultProxyOptions = {
  sandboxes: Sandboxes;
  watch: Watch;
  nextFault: FaultSource;
  mutation: Mutation | undefined;
  /** Delivers the run's notification again, and resolves when the consumer tries to record it. */
  redeliver: (arn: string) => Promise<void>;
};

const SLOW_MILLISECONDS = 400;
/** The caller of requests that do not come from a run. */
const WHO: Record<string, string> = { 'consume-notifications': 'consume', 'offer-pages': 'page', 'take-sms-replies': 'replies' };

/** A proxy that adds the faults that can hit any request. */
export async function openFaultProxy({ sandboxes, watch, nextFault, mutation, redeliver }: FaultProxyOptions): Promise<FaultProxy> {
  async function perform(execute: Execute, asked: Asked): Promise<HttpReply> {
    const { request, read } = asked;
    const reply = await execute(mutation === undefined ? request : mutation(request, read));
    watch.done(asked, reply);
    return reply;
  }

  async function pass(asked: Asked, execute: Execute, response: ServerResponse): Promise<void> {
    const { read, sandbox } = asked;
    const fault = nextFault(read, sandbox);
    if (fault !== undefined) watch.hit(fault, sandbox, read);
    await delayBy(fault, sandbox);
    const reply = NOTHING_DONE.has(fault) ? undefined : await perform(execute, asked);
    await killBy(fault, sandbox);
    if (sandbox.isDead) response.destroy();
    else if (reply !== undefined && ANSWERED.has(fault)) {
      watch.answered(read);
      sendReply(response, reply);
    } else if (fault !== undefined) spoil(response, fault, errorsFor(read));
  }

  async function delayBy(fault: FaultKind | undefined, sandbox: Sandbox): Promise<void> {
    if (fault === 'slow') await pause(SLOW_MILLISECONDS);
    if (fault === 'redelivered') await redeliver(sandbox.arn ?? '');
  }

  async function killBy(fault: FaultKind | undefined, sandbox: Sandbox): Promise<void> {
    if (fault === 'all killed') await sandboxes.crash();
    if (fault === 'killed before' || fault === 'killed after') sandboxes.kill(sandbox);
  }

  async function take(request: AwsRequest, execute: Execute, response: ServerResponse): Promise<void> {
    const sandbox = sandboxes.find(invocationOf(request.headers));
    // A request of a dead sandbox was never sent.
    if (sandbox === undefined || sandbox.isDead) return void response.destroy();
    const who = sandbox.arn !== undefined ? 'workflow' : (WHO[sandbox.functionKey] ?? 'receipts');
    try {
      const read = parseRequest(request, who);
      await pass({ request, read, sandbox, claim: watch.asked(read, sandbox) }, execute, response);
    } catch (error) {
      watch.broke(error);
      throw error;
    }
  }

  const proxy = await openAwsProxy(take);
  let carriers = await openAwsProxy(take);
  let behind: Behind | undefined;
  return {
    url: proxy.url,
    carriersUrl: carriers.url,
    serve(services) {
      behind = services;
      proxy.serve(services);
      carriers.serve(services);
    },
    async reachCarriers(reachable) {
      await carriers.close();
      if (!reachable) return;
      carriers = await openAwsProxy(take, carriers.port);
      if (behind !== undefined) carriers.serve(behind);
    },
    async close() {
      await Promise.all([proxy.close(), carriers.close()]);
    },
  };
}

/** Replaces the answer by the fault's. Without an answer, the client runs into its own timeout. */
function spoil(response: ServerResponse, fault: FaultKind, errors: ReturnType<typeof errorsFor>): void {
  if (fault.startsWith('cut off')) response.destroy();
  else if (!fault.startsWith('no answer')) sendReply(response, fault === 'throttled' ? errors.throttled : errors.error);
}
