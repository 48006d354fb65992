import { parseArgs } from 'node:util';
import { ConfigurationUsageError } from '../tooling/configuration/usage-error.ts';
import { renderPreview } from './preview/render-preview.ts';

const HELP = `npm run preview -- <template> --tenant T [options]

Shows a message as a subscriber would get it, from the files as they are now: a text with its parts and encoding, an email with subject,
plain text and HTML. <template> is <workflow>.<sms|email>, such as plan-expiry.email, or sms-reply.sms.

  --tenant T       whose words and settings
  --language L     the subscriber's language              default: the tenant's
  --kind K         notice, reminder or confirmation       default: notice
  --type T         the notification it tells of, such as OutOfCredit; for sms-reply.sms stopped, started or help
                                                          default: the first of the workflow's
  --name N         the subscriber's name                  default: none
  --directory D    the configuration folder               default: config
  --help           this text

Exit codes: 0 shown, 1 the template does not hold, 2 wrong options.`;

try {
  console.log(preview(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigurationUsageError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}

function preview(args: string[]): string {
  const { values, positionals } = parse(args);
  if (values.help) return HELP;
  const [template, ...others] = positionals;
  if (template === undefined) throw new ConfigurationUsageError('<template> is missing: name one, such as plan-expiry.email');
  if (others.length > 0) throw new ConfigurationUsageError(`One template at a time: "${others[0]}" is one too many`);
  if (values.tenant === undefined)
    throw new ConfigurationUsageError('--tenant is missing: name the tenant, for example --tenant mvno-aurora');
  return renderPreview({ ...values, template, tenant: values.tenant });
}

function parse(args: string[]) {
  const text = { type: 'string' } as const;
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        tenant: text,
        language: text,
        kind: { ...text, default: 'notice' },
        type: text,
        name: text,
        directory: { ...text, default: 'config' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new ConfigurationUsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
