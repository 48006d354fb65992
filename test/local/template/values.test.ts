// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the placeholders are those of Fn::Sub
import { expect, test } from 'vitest';
import { resolveValue, type TemplateScope } from '../../../local/template/values.ts';

const scope: TemplateScope = {
  parameters: {
    Accounts: { Type: 'CommaDelimitedList', Default: '111111111111, 222222222222' },
    Shards: { Type: 'Number', Default: 8 },
    Issuer: { Type: 'String', Default: '' },
    Required: { Type: 'String' },
  },
  resources: {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: { 'Fn::Sub': '${AWS::StackName}-queue' } } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'notifications' } },
    Pool: { Type: 'AWS::Cognito::UserPool', Properties: {} },
  },
  conditions: { MakePool: { 'Fn::Equals': [{ Ref: 'Issuer' }, ''] }, NoPool: { 'Fn::Not': [{ Condition: 'MakePool' }] } },
  region: 'us-east-1',
  accountId: '000000000000',
};

test.each([
  { value: { Ref: 'Accounts' }, resolved: ['111111111111', '222222222222'] },
  { value: { Ref: 'Shards' }, resolved: '8' },
  { value: { Ref: 'Table' }, resolved: 'notifications' },
  { value: { Ref: 'Pool' }, resolved: 'Pool' },
  { value: { 'Fn::GetAtt': ['Queue', 'Arn'] }, resolved: 'arn:aws:sqs:us-east-1:000000000000:totogi-notifications-local-queue' },
  { value: { 'Fn::Sub': '${Table.Arn}/index/*' }, resolved: 'arn:aws:dynamodb:us-east-1:000000000000:table/notifications/index/*' },
  { value: { 'Fn::Sub': ['${Name} ${!Kept} ${AWS::Region}', { Name: { Ref: 'Table' } }] }, resolved: 'notifications ${Kept} us-east-1' },
  { value: { 'Fn::Split': [',', { 'Fn::Join': [',', ['a', { Ref: 'Shards' }]] }] }, resolved: ['a', '8'] },
  { value: { 'Fn::Select': ['1', { Ref: 'Accounts' }] }, resolved: '222222222222' },
  { value: { 'Fn::If': ['MakePool', { Ref: 'Table' }, { 'Fn::Unknown': 1 }] }, resolved: 'notifications' },
  { value: { 'Fn::If': ['NoPool', 'none', 'made'] }, resolved: 'made' },
  { value: { kept: [1, null, true], gone: { Ref: 'AWS::NoValue' } }, resolved: { kept: [1, null, true] } },
  { value: { 'Fn::And': [{ Condition: 'MakePool' }, { 'Fn::Or': [false, true] }] }, resolved: true },
])('$value is $resolved', ({ value, resolved }) => {
  expect(resolveValue(value, scope)).toEqual(resolved);
});

test.each([
  { value: { deep: [{ 'Fn::ImportValue': 'x' }] }, named: 'the function Fn::ImportValue' },
  { value: { Ref: 'Nobody' }, named: 'Ref Nobody' },
  { value: { Ref: 'Required' }, named: 'the parameter Required, which has no default' },
  { value: { 'Fn::GetAtt': ['Pool', 'ProviderURL'] }, named: 'Fn::GetAtt Pool.ProviderURL' },
  { value: { 'Fn::If': ['Never', 1, 2] }, named: 'the condition Never' },
])('what cannot be resolved is named: $named', ({ value, named }) => {
  expect(() => resolveValue(value, scope)).toThrow(named);
});
