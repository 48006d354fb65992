import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { functionOf } from '../functions/trace.ts';
import type { HttpReply } from '../http-server.ts';
import { queryError } from '../outbox/sns.ts';
import type { PackagedRole } from '../template/packaged-roles.ts';
import { writeSessionToken } from './session.ts';

/** `callers`: the role of each function, which the assumed role must trust. A caller that is no function is trusted. */
export type StsOptions = { roles: PackagedRole[]; callers?: Record<string, PackagedRole>; now: () => number };

/** Undefined when the form is not a request to STS. */
export type Sts = (form: URLSearchParams, headers?: IncomingHttpHeaders) => HttpReply | undefined;

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const defaultDurationSeconds = 3_600;

export function createSts({ roles, callers = {}, now }: StsOptions): Sts {
  return (form, headers = {}) => {
    if (form.get('Version') !== '2011-06-15') return undefined;
    const action = form.get('Action') ?? '';
    if (action !== 'AssumeRole') return queryError('InvalidAction', `The local STS knows AssumeRole, not ${action}.`);
    const role = roles.find(({ arn }) => arn === form.get('RoleArn'));
    const tags = tagsOf(form);
    const caller = callers[functionOf(headers) ?? ''];
    // As the trust policies of these roles require.
    const trusts = role !== undefined && (caller === undefined || role.trusts.includes(caller.arn));
    const isTrusted = trusts && Object.keys(tags).join() === 'tenant' && tags.tenant !== '';
    if (!isTrusted) return queryError('AccessDenied', 'Not authorized to perform: sts:AssumeRole on this role with these tags.');
    const expiresAt = now() + Number(form.get('DurationSeconds') ?? defaultDurationSeconds) * 1_000;
    const token = writeSessionToken({ tags, statements: role.statements });
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: reply(token, new Date(expiresAt)) };
  };
}

function tagsOf(form: URLSearchParams): Record<string, string> {
  const numbers = [...form.keys()].flatMap((name) => /^Tags\.member\.(\d+)\.Key$/.exec(name)?.[1] ?? []);
  return Object.fromEntries(
    numbers.map((number) => [form.get(`Tags.member.${number}.Key`) ?? '', form.get(`Tags.member.${number}.Value`) ?? '']),
  );
}

function reply(token: string, expiresAt: Date): string {
  const credentials = `<AccessKeyId>ASIALOCALSESSION</AccessKeyId><SecretAccessKey>local</SecretAccessKey><SessionToken>${token}</SessionToken><Expiration>${expiresAt.toISOString()}</Expiration>`;
  return `<AssumeRoleResponse xmlns="${namespace}"><AssumeRoleResult><Credentials>${credentials}</Credentials></AssumeRoleResult><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></AssumeRoleResponse>`;
}
