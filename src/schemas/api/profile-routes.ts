import type { z } from 'zod';
import { Profile, ProfileReply } from '../profile/profile.ts';
import { AccountPath, NoQuery, type Route, SetAccountPath } from './route.ts';

const PROFILE_PATH = '/v1/tenants/{tenant}/accounts/{account}/profile';

const profileExample: z.input<typeof Profile> = {
  name: 'Ada',
  phone: '+14155550123',
  email: 'ada@example.com',
  language: 'en',
  country: 'US',
  region: 'CA',
  timeZone: 'America/Los_Angeles',
  devices: { '14155550142': { phone: '+14155550142' } },
  consents: { marketing: { sms: { given: true, source: 'web-form', at: '2026-04-02T10:00:00Z' } } },
};

export const PROFILE_ROUTES = {
  getProfile: {
    method: 'GET',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:read',
    summary: "Get an account's profile",
    description: 'Contacts, language and location, and the consents that the subscriber gave or withdrew.',
    pathParameters: AccountPath,
    query: NoQuery,
    reply: ProfileReply,
    replies: 'The profile',
    problems: { 404: 'No profile exists for this account.' },
    examples: { reply: profileExample },
  },
  putProfile: {
    method: 'PUT',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:write',
    summary: "Set an account's profile",
    description:
      'Replaces the whole profile, except consents: for each class and channel, the later of the stored and the new consent applies, and the withdrawal if both have the same time. Omitted consents do not change.',
    pathParameters: SetAccountPath,
    query: NoQuery,
    body: Profile,
    reply: ProfileReply,
    replies: 'The current profile',
    examples: { body: profileExample, reply: profileExample },
  },
  deleteProfile: {
    method: 'DELETE',
    path: PROFILE_PATH,
    servedBy: 'profiles-api',
    scope: 'profiles:write',
    summary: "Erase an account's personal data",
    description:
      'Erases the profile, and the numbers, addresses and texts of its messages. Keeps the time, class and state of each message, and withdrawals of consent. May be repeated.',
    pathParameters: AccountPath,
    query: NoQuery,
    replies: 'The data is erased, or there was nothing to erase',
  },
} as const satisfies Record<string, Route>;
