import { place } from '../aws-scope.ts';
import { functionOf } from '../functions/trace.ts';
import type { AwsRequest } from '../http-server.ts';
import type { PackagedRole } from '../template/packaged-roles.ts';
import { isAllowed } from './policy.ts';
import { type Access, accessOf } from './requested-access.ts';
import { parseSessionToken, type Session } from './session.ts';

/** Checks a session by its role and a function by its own. Other callers, such as a developer, may do anything. */
export type Permits = (request: AwsRequest) => boolean;

/** @param functions the role of each function, by function key. */
export function createPermits(functions: Record<string, PackagedRole>): Permits {
  return (request) => {
    const session = parseSessionToken(request.headers['x-amz-security-token']) ?? sessionOf(request, functions);
    return session === undefined || accessOf(request, place).every((access) => allows(session, access));
  };
}

function sessionOf({ headers }: AwsRequest, functions: Record<string, PackagedRole>): Session | undefined {
  const role = functions[functionOf(headers) ?? ''];
  return role && { tags: {}, statements: role.statements };
}

function allows({ tags, statements }: Session, access: Access): boolean {
  return isAllowed(statements, { ...access, tags, context: {} });
}
