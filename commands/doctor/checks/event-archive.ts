import { DescribeEventBusCommand, ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { type Check, fault, fine, unlessMissing } from '../check.ts';

export const eventArchive: Check = {
  name: 'event-archive',
  looksAt: 'an archive of the bus',
  why: 'What is lost behind the bus, by a rule or a policy that was changed, can only be replayed from an archive.',
  run: async ({ aws, bus, command }) => {
    // A missing bus has no archive either; its own check reports it.
    if (!(await unlessMissing(aws.events.send(new DescribeEventBusCommand({ Name: bus.name }))))) return [];
    const { Archives = [] } = await aws.events.send(new ListArchivesCommand({ EventSourceArn: bus.arn }));
    const kept = Archives.find(({ State }) => State === 'ENABLED');
    if (kept) return [fine(bus.name, `is archived (${kept.ArchiveName})`)];
    const archive = ['--archive-name', bus.name, '--event-source-arn', bus.arn, '--retention-days', '30'];
    return [fault(bus.name, 'is not archived', command('events', 'create-archive', ...archive))];
  },
};
