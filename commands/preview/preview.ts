import { MessageKind } from '../../src/schemas/message/message-kind.ts';
import { defineCommand } from '../../tooling/command-line/command.ts';
import { argument, value } from '../../tooling/command-line/options.ts';
import { defineProgram } from '../../tooling/command-line/run-command.ts';
import { anyText, oneOf } from '../../tooling/command-line/value-forms.ts';
import { renderPreview } from './render-preview.ts';

const TEMPLATE = { ...anyText, accepts: '<workflow>.<sms|email>, such as plan-expiry.email' };

const command = defineCommand({
  name: 'npm run preview',
  about:
    'Renders a message as a subscriber would get it, from the files as they are now: an SMS with its parts and encoding, or an email with subject, plain text and HTML.',
  options: {
    template: argument(TEMPLATE, { placeholder: 'TEMPLATE', about: '<workflow>.<sms|email>, or sms-reply.sms' }),
    tenant: value(
      { ...anyText, accepts: 'the ID of a tenant, such as mvno-aurora' },
      {
        placeholder: 'ID',
        about: 'Tenant whose templates and settings are used',
        required: true,
      },
    ),
    language: value(anyText, { placeholder: 'TAG', about: "The subscriber's language", defaultText: "the tenant's" }),
    kind: value(oneOf(MessageKind.options), { placeholder: 'KIND', about: 'Kind of message', default: 'notice' }),
    type: value(anyText, {
      placeholder: 'TYPE',
      about: 'Notification that starts the workflow, such as OutOfCredit; for sms-reply.sms: stopped, started or help',
      defaultText: "the workflow's first",
    }),
    name: value({ ...anyText, parse: (text) => text }, { placeholder: 'NAME', about: "The subscriber's name", defaultText: 'none' }),
    directory: value(anyText, { placeholder: 'DIR', about: 'Configuration folder', default: 'config' }),
  },
  examples: [
    'npm run preview -- plan-expiry.email --tenant mvno-aurora',
    'npm run preview -- renewal-failed.sms --tenant mvno-aurora --kind reminder --language es --name Ada',
  ],
  exitCodes: { 0: 'shown', 1: 'the template has errors' },
});

export const preview = defineProgram(command, (request, { console }) => {
  console.log(renderPreview(request));
  return 0;
});
