import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { preview } from '../../commands/preview/preview.ts';
import { type ConfigurationFolder, copyConfiguration } from '../builders/configuration-folder.ts';

let folder: ConfigurationFolder;

beforeEach(() => {
  folder = copyConfiguration();
});
afterEach(() => folder.remove());

describe('npm run preview', () => {
  const show = (...args: string[]) => folder.run(preview, ...args);

  test('shows a text with its parts and encoding', () => {
    const { status, stdout, stderr } = folder.command('preview', 'plan-expiry.sms', '--tenant', 'mvno-aurora', '--language', 'es');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(
      /^es\/plan-expiry\.sms, service, for Aurora Mobile: PlanExpiryWarning, notice\n\nAurora Mobile: tu plan termina/,
    );
    expect(stdout).toMatch(/\n\n\d+ characters, 1 part, GSM-7\n$/);
  });

  test('names the character that makes a text dearer', async () => {
    folder.write('templates/en/welcome.sms.liquid', '---\nclass: service\n---\nHi {{ name }}!');
    const { out } = await show('welcome.sms', '--tenant', 'mvno-aurora', '--name', 'Íñigo');
    expect(out).toContain('Hi Íñigo!\n\n9 characters, 1 part, UCS-2, since GSM-7 lacks "Í"\n');
  });

  test('shows an email as subject, text and HTML, for a moment and a name', async () => {
    const { out } = await show('renewal-failed.email', '--tenant', 'mvno-aurora', '--kind', 'reminder', '--name', 'Ada');
    expect(out).toMatch(/Subject: Aurora Mobile: your plan is still not renewed\n\n--- text\nHello Ada,\n/);
    expect(out).toMatch(/--- html\n<!doctype html>\n[\s\S]*<p>Hello Ada,<\/p>/);
  });

  test('shows the notification that is asked for, and the answer to a text', async () => {
    expect((await show('win-back.sms', '--tenant', 'mvno-aurora', '--type', 'PlanCancelled')).out).toContain('been cancelled');
    expect((await show('sms-reply.sms', '--tenant', 'mvno-aurora', '--type', 'help')).out).toContain('Reply STOP');
  });

  test.each([
    [[], /^TEMPLATE is missing/],
    [['welcome.sms'], /^--tenant is missing/],
    [['welcome.sms', '--tenant', 'mvno-nobody'], /^--tenant: there is no valid tenant "mvno-nobody".*mvno-aurora/],
    [['welcom.sms', '--tenant', 'mvno-aurora'], /^TEMPLATE: there is no "welcom\.sms"\. Templates: .*welcome\.sms/],
    [['rollover.email', '--tenant', 'mvno-aurora'], /^TEMPLATE: there is no "rollover\.email"/],
    [['welcome.sms', '--tenant', 'mvno-aurora', '--language', 'Spanish'], /^--language takes .* not "Spanish"/],
    [['welcome.sms', '--tenant', 'mvno-aurora', '--language', 'fr'], /^--language: there is no welcome\.sms in "fr"/],
    [['welcome.sms', '--tenant', 'mvno-aurora', '--kind', 'later'], /^--kind takes one of notice, reminder, confirmation, not "later"/],
    [['welcome.sms', '--tenant', 'mvno-aurora', '--type', 'PlanExpired'], /^--type: welcome starts for NewPlanActivated/],
    [['sms-reply.sms', '--tenant', 'mvno-aurora', '--type', 'x'], /^--type: .*stopped, started, help/],
    [['welcome.sms', 'rollover.sms', '--tenant', 'mvno-aurora'], /"rollover\.sms" is one too many/],
    [['welcome.sms', '--tenant', 'mvno-aurora', '--colour', 'red'], /--colour/],
  ])('refuses %j by the option', async (args, message) => {
    const { code, out, error } = await show(...args);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  });

  test('says what is wrong with a template that does not hold', () => {
    folder.write('templates/es/welcome.sms.liquid', '---\nclass: service\n---\n{{ amonut }}');
    const { status, stderr } = folder.command('preview', 'welcome.sms', '--tenant', 'mvno-aurora', '--language', 'es');
    expect(stderr).toMatch(/templates\/es\/welcome\.sms\.liquid:4 text: there is no variable "amonut"\. Write "amount"\.\n$/);
    expect(status).toBe(1);
  });

  test('explains itself', () => {
    expect(folder.command('preview', '--help').stdout).toMatch(/--kind KIND/);
  });
});
