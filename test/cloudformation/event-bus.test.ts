import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { eventBusTemplate, resourcesOf } from './templates.ts';

const template = eventBusTemplate();
const ANY = z.record(z.string(), z.unknown());

describe('event-bus.yml', () => {
  test("lets Totogi's accounts put events and nobody do anything else", () => {
    const [policy] = resourcesOf(template, 'AWS::Events::EventBusPolicy', ANY);
    expect(policy?.[1].Statement).toEqual({
      Effect: 'Allow',
      Principal: { AWS: { Ref: 'TotogiAccounts' } },
      Action: 'events:PutEvents',
      Resource: { 'Fn::GetAtt': ['EventBus', 'Arn'] },
    });
    expect(template.Parameters.TotogiAccounts).toMatchObject({ Type: 'CommaDelimitedList', Default: '266643203619,799148289882' });
  });

  test('has the sending account in every rule pattern', () => {
    const rules = resourcesOf(template, 'AWS::Events::Rule', ANY);
    expect(rules).toHaveLength(1);
    for (const [, rule] of rules) expect(rule.EventPattern).toEqual({ account: { Ref: 'TotogiAccounts' } });
  });

  test('archives everything that comes over the bus', () => {
    const [archive] = resourcesOf(template, 'AWS::Events::Archive', ANY);
    expect(archive?.[1]).toMatchObject({
      SourceArn: { 'Fn::GetAtt': ['EventBus', 'Arn'] },
      RetentionDays: { Ref: 'ArchiveRetentionDays' },
    });
    expect(archive?.[1]).not.toHaveProperty('EventPattern');
  });

  test('leaves bus and archive when the stack is deleted, but not when its first deploy fails', () => {
    for (const id of ['EventBus', 'Archive']) {
      expect(template.Resources[id]).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
    }
  });

  test('keeps the log of everything short, under /aws/events/, and makes it only when wanted', () => {
    const [group] = resourcesOf(template, 'AWS::Logs::LogGroup', ANY);
    expect(group?.[1]).toMatchObject({
      LogGroupName: { 'Fn::Sub': `/aws/events/\${EventBusName}` },
      RetentionInDays: { Ref: 'LogRetentionDays' },
    });
    expect(template.Parameters.LogRetentionDays).toMatchObject({ Default: 7 });
    for (const id of ['EventLogGroup', 'EverythingToTheLog'])
      expect(template.Resources[id]).toMatchObject({ Condition: 'EventsAreLogged' });
  });

  test('lets EventBridge write to the log, as appendix B does', () => {
    const [group] = resourcesOf(template, 'AWS::Logs::LogGroup', ANY);
    expect(group?.[1].ResourcePolicyDocument).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'TrustEventsToStoreLogEvent',
          Effect: 'Allow',
          Principal: { Service: ['delivery.logs.amazonaws.com', 'events.amazonaws.com'] },
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: {
            'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/events/\${EventBusName}:*`,
          },
        },
      ],
    });
  });

  test('takes no name that makes the name of a rule too long', () => {
    const longest = 'b'.repeat(42);
    expect(longest).toMatch(new RegExp(String(template.Parameters.EventBusName?.AllowedPattern)));
    expect(`${longest}b`).not.toMatch(new RegExp(String(template.Parameters.EventBusName?.AllowedPattern)));
    const [rule] = resourcesOf(template, 'AWS::Events::Rule', z.looseObject({ Name: z.object({ 'Fn::Sub': z.string() }) }));
    expect(String(rule?.[1].Name['Fn::Sub']).replace(`\${EventBusName}`, longest).length).toBeLessThanOrEqual(64);
  });
});
