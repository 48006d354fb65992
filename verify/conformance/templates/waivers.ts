import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import * as z from 'zod';

const Waivers = z.array(z.strictObject({ check: z.string(), resources: z.array(z.string()).min(1), reason: z.string().min(20) }));

/** `resource` is where the check complains. */
export type Complaint = { check: string; resource: string; words: string };

/** Complaints without a waiver, and waivers without a complaint. */
export type Judged = { unexplained: Complaint[]; unneeded: string[]; waived: { reason: string; checks: string; count: number }[] };

export function judge(complaints: Complaint[]): Judged {
  const waivers = Waivers.parse(parse(readFileSync(new URL('waivers.yml', import.meta.url), 'utf8')));
  const names = (name: string, resource: string) => (name.startsWith('*') ? resource.endsWith(name.slice(1)) : resource === name);
  const covers = (waiver: (typeof waivers)[number], { check, resource }: Complaint) =>
    waiver.check === check && waiver.resources.some((name) => names(name, resource));
  const explained = waivers.map((waiver) => ({ waiver, complaints: complaints.filter((complaint) => covers(waiver, complaint)) }));
  const unneeded = explained.flatMap(({ waiver, complaints: covered }) => {
    const named = waiver.resources.filter((name) => !covered.some(({ resource }) => names(name, resource)));
    return named.map((name) => `${waiver.check} at ${name}`);
  });
  return {
    unexplained: complaints.filter((complaint) => !waivers.some((waiver) => covers(waiver, complaint))),
    unneeded,
    waived: explained.map(({ waiver, complaints: covered }) => ({ reason: waiver.reason, checks: waiver.check, count: covered.length })),
  };
}
