import { describe, expect, test } from 'vitest';
import { createHandler } from '../../src/handlers/token-claims.ts';

const addTenant = createHandler({ serviceClients: { 'machine-1': 'mvno-aurora', 'machine-2': 'no tenant id', operations: '-' } });

function tokenRequest({
  triggerSource = 'TokenGeneration_HostedAuth',
  clientId = 'console',
  userAttributes = {} as Record<string, string> | null,
}) {
  return {
    version: '3',
    triggerSource,
    region: 'eu-west-1',
    userPoolId: 'eu-west-1_abc',
    userName: 'someone',
    callerContext: { awsSdkVersion: 'none', clientId },
    request: { userAttributes, groupConfiguration: {}, scopes: ['totogi-notifications/events:read'] },
    response: { claimsAndScopeOverrideDetails: null },
  };
}

const machine = (clientId: string) => tokenRequest({ triggerSource: 'TokenGeneration_ClientCredentials', clientId, userAttributes: null });
const person = (userAttributes: Record<string, string>, clientId = 'console') => tokenRequest({ userAttributes, clientId });

async function addedTo(event: unknown): Promise<unknown> {
  return (await addTenant(event)).response.claimsAndScopeOverrideDetails.accessTokenGeneration;
}

describe('token-claims', () => {
  test("gives a person the tenant of the person's attribute", async () => {
    expect(await addedTo(person({ 'custom:tenant': 'mvno-borealis' }))).toEqual({ claimsToAddOrOverride: { tenant: 'mvno-borealis' } });
  });

  test('gives a machine the tenant that the deployer wrote down for its client', async () => {
    expect(await addedTo(machine('machine-1'))).toEqual({ claimsToAddOrOverride: { tenant: 'mvno-aurora' } });
  });

  test('lets a machine that the deployer trusts see what names no tenant, and no person', async () => {
    expect(await addedTo(machine('operations'))).toEqual({ claimsToAddOrOverride: { tenant: '-' } });
    expect(await addedTo(person({ 'custom:tenant': '-' }))).toEqual({});
  });

  test.for([
    ['a person without the attribute', person({ email: 'a@example.com' })],
    ['a person whose attribute is no tenant id', person({ 'custom:tenant': 'a#b' })],
    ["a person who signs in through a machine's client", person({}, 'machine-1')],
    ['a machine nobody wrote down', machine('machine-3')],
    ['a machine named like a property of every object', machine('constructor')],
    ['a machine written down with something that is no tenant id', machine('machine-2')],
  ] as const)('adds no claim for %s, and leaves the scopes', async ([, event]) => {
    expect(await addedTo(event)).toEqual({});
  });

  test('gives the rest of the event back as it came', async () => {
    const { response, ...rest } = machine('machine-1');
    expect(await addTenant({ ...rest, response })).toMatchObject(rest);
  });

  test('throws on what is no token request, so that no token is issued', async () => {
    await expect(addTenant({ triggerSource: 'PreSignUp_SignUp' })).rejects.toThrow('callerContext');
  });
});
