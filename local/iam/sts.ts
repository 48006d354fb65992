import { randomUUID } from 'node:crypto';
import type { HttpReply } from '../http-server.ts';
import { queryError } from '../outbox/sns.ts';
import type { PackagedRole } from '../template/packaged-roles.ts';
import { writeSessionToken } from './session.ts';

export type StsOptions = { roles: PackagedRole[]; now: () => number };

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';
const defaultDurationSeconds = 3_600;

/** Stands in for STS: `AssumeRole` of the stack's data roles, with tags. Answers undefined when the form is no request of STS. */
export function createSts({ roles, now }: StsOptions): (form: URLSearchParams) => HttpReply | undefined {
  return (form) => {
    if (form.get('Version') !== '2011-06-15') return undefined;
    const action = form.get('Action') ?? '';
    if (action !== 'AssumeRole') return queryError('InvalidAction', `The local STS knows AssumeRole, not ${action}.`);
    const role = roles.find(({ arn }) => arn === form.get('RoleArn'));
    const tags = tagsOf(form);
    // What the trust policies of the data roles ask for.
    const isTrusted = role !== undefined && Object.keys(tags).join() === 'tenant' && tags.tenant !== '';
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
