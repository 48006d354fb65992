import * as z from 'zod';
import { MAX_NAME_BYTES } from '../event/notification.ts';
import { NOTIFICATION_TYPES } from '../event/notification-type.ts';
import { hasFraction, MAX_TIME_CHARACTERS, rangeTime } from './range-time.ts';
import { ACCOUNT_AS_DOCUMENTED, Account } from './route.ts';

const MAX_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 25;

/** Enough for the longest position of any list. */
const MAX_CURSOR_CHARACTERS = 1_000;
const MAX_FILTER_VALUES = 20;

/** In milliseconds. A fraction is rounded up, which keeps `from` <= t < `to` exact for stored times. */
const RangeTime = z.iso
  .datetime({ offset: true, error: 'a time that exists, as in RFC 3339: for example 2026-03-14T09:26:52Z' })
  .max(MAX_TIME_CHARACTERS, `a time of at most ${MAX_TIME_CHARACTERS} characters`)
  .transform((text) => rangeTime(Date.parse(text) + (hasFraction(text) ? 1 : 0)));

/** One value or several, any of which may match. Sorted, so that another order is the same query. */
const anyOf = (value: z.ZodType<string>) =>
  z
    .preprocess(
      (given) => (typeof given === 'string' ? [given] : given),
      z.array(value).max(MAX_FILTER_VALUES, `at most ${MAX_FILTER_VALUES} values`),
    )
    .transform((values) => [...new Set(values)].sort());

const filterText = (expected: string) =>
  anyOf(
    z
      .string()
      .min(1, expected)
      .refine((text) => Buffer.byteLength(text) <= MAX_NAME_BYTES, `${expected}, of at most ${MAX_NAME_BYTES} bytes`),
  ).optional();

const asDocumented = {
  type: 'array' as const,
  items: { type: 'string' as const, minLength: 1, maxLength: MAX_NAME_BYTES },
  maxItems: MAX_FILTER_VALUES,
};
const repeated = { style: 'form' as const, explode: true };

const PageParameters = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `a whole number from 1 to ${MAX_PER_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MAX_PER_PAGE, `a whole number from 1 to ${MAX_PER_PAGE}`)
    .default(DEFAULT_PER_PAGE)
    .meta({
      description: 'The maximum number of entries in a page.',
      param: { example: '50' },
      override: { type: 'integer', minimum: 1, maximum: MAX_PER_PAGE, default: DEFAULT_PER_PAGE },
    }),
  cursor: z
    .string()
    .min(1, 'a cursor from the `next` of a reply')
    .max(MAX_CURSOR_CHARACTERS, 'a cursor from the `next` of a reply')
    .optional()
    .meta({
      description: 'The `next` of the previous reply, for the same query.',
      override: { type: 'string', minLength: 1, maxLength: MAX_CURSOR_CHARACTERS, format: 'cursor' },
    }),
  order: z
    .enum(['asc', 'desc'], { error: '"asc" or "desc"' })
    .default('desc')
    .meta({ description: 'Sort order, by time of occurrence.', param: { example: 'desc' } }),
};

const RangeParameters = {
  from: RangeTime.optional().meta({
    description: 'The earliest time of occurrence (inclusive).',
    param: { example: '2026-05-01T00:00:00Z' },
    override: { type: 'string', format: 'date-time' },
  }),
  to: RangeTime.optional().meta({
    description: 'The latest time of occurrence (exclusive).',
    param: { example: '2026-05-02T00:00:00Z' },
    override: { type: 'string', format: 'date-time' },
  }),
};

const FilterParameters = {
  type: z
    .preprocess(
      splitAtCommas,
      z
        .array(z.enum(NOTIFICATION_TYPES, { error: `one or more of ${NOTIFICATION_TYPES.join(', ')}, separated by commas` }))
        .max(MAX_FILTER_VALUES, `at most ${MAX_FILTER_VALUES} types`),
    )
    // Sorted, so that another order is the same query.
    .transform((types) => [...new Set(types)].sort())
    .optional()
    .meta({
      description:
        'Filter by type. Repeat the parameter or separate values with commas to match any of several. `AutoRenewFailure` is a failed renewal, `AutoRenewSuccess` a successful one; `OutOfCredit` and `AccountCreditWarning` concern money; `UnitAllowanceThreshold` and `CounterThreshold` concern the remaining data, calls or texts; the `Plan...` types concern the plan and its end; `Unrecognised` is any other name.',
      param: { example: ['AutoRenewFailure', 'OutOfCredit'], style: 'form', explode: true },
      override: { type: 'array', items: { type: 'string', enum: [...NOTIFICATION_TYPES] }, maxItems: MAX_FILTER_VALUES },
    }),
  state: filterText('non-empty text').meta({
    description: 'Filter by state. Repeat the parameter to match any of several.',
    param: { example: ['renewFailure'], ...repeated },
    override: asDocumented,
  }),
  device: filterText('a device').meta({
    description: 'Filter by device. Repeat the parameter to match any of several.',
    param: { example: ['14155550142'], ...repeated },
    override: asDocumented,
  }),
  name: filterText('a name').meta({
    description: 'Filter by name, such as that of a counter. Repeat the parameter to match any of several.',
    param: { example: ['Data Thresholds'], ...repeated },
    override: asDocumented,
  }),
};

function splitAtCommas(given: unknown): unknown {
  const texts = Array.isArray(given) ? given : [given];
  return texts.flatMap((text) => (typeof text === 'string' ? text.split(',', MAX_FILTER_VALUES + 1) : []));
}

type RangeGiven = { from?: number | undefined; to?: number | undefined };

const forwards = <Query extends z.ZodObject<typeof RangeParameters>>(query: Query) =>
  query.refine(({ from, to }: RangeGiven) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    error: 'a time not after `to`',
  });

export const EventListQuery = forwards(z.strictObject({ ...RangeParameters, ...FilterParameters, ...PageParameters }));
export type EventFilter = Pick<z.infer<typeof EventListQuery>, 'type' | 'state' | 'device' | 'name'>;

export const TenantEventListQuery = forwards(
  z.strictObject({
    ...RangeParameters,
    ...FilterParameters,
    account: anyOf(Account)
      .optional()
      .meta({
        description: 'Filter by account. Repeat the parameter to match any of several.',
        param: { example: ['acc-2001'], ...repeated },
        override: { type: 'array', items: ACCOUNT_AS_DOCUMENTED, maxItems: MAX_FILTER_VALUES },
      }),
    ...PageParameters,
  }),
);

export const RangePageQuery = forwards(z.strictObject({ ...RangeParameters, ...PageParameters }));

export type PageQuery = z.infer<typeof RangePageQuery>;
