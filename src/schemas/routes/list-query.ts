import * as z from 'zod';
import { NOTIFICATION_TYPES } from '../notification-type.ts';
import { Account } from './route.ts';

const MOST_PER_PAGE = 100;
const DEFAULT_PER_PAGE = 25;

/** A moment of a range, in milliseconds; a fraction of one is rounded up, which keeps `from` <= t < `to` exact for stored times. */
const RangeMoment = z.iso
  .datetime({ offset: true, error: 'a time that exists, as in RFC 3339: for example 2026-03-14T09:26:52Z' })
  .transform((text) => Date.parse(text) + (/\.\d{3}0*[1-9]/.test(text) ? 1 : 0));

/** A page of a list: how many, in which order, and from where. */
const PageParameters = {
  limit: z
    .string()
    .regex(/^\d{1,3}$/, `a whole number from 1 to ${MOST_PER_PAGE}`)
    .transform(Number)
    .refine((limit) => limit >= 1 && limit <= MOST_PER_PAGE, `a whole number from 1 to ${MOST_PER_PAGE}`)
    .default(DEFAULT_PER_PAGE)
    .meta({
      description: 'How many entries a page may hold.',
      param: { example: '50' },
      override: { type: 'integer', minimum: 1, maximum: MOST_PER_PAGE, default: DEFAULT_PER_PAGE },
    }),
  cursor: z
    .string()
    .min(1, 'a cursor from the `next` of a reply')
    .optional()
    .meta({
      description: 'The `next` of the reply before, for the same query.',
      override: { type: 'string', minLength: 1, format: 'cursor' },
    }),
  order: z
    .enum(['asc', 'desc'], { error: '"asc" or "desc"' })
    .default('desc')
    .meta({ description: 'By time of occurrence.', param: { example: 'desc' } }),
};

/** A half-open range of times: `from` <= t < `to`. */
const RangeParameters = {
  from: RangeMoment.optional().meta({
    description: 'The earliest time of occurrence, included.',
    param: { example: '2026-05-01T00:00:00Z' },
    override: { type: 'string', format: 'date-time' },
  }),
  to: RangeMoment.optional().meta({
    description: 'The time of occurrence before which the list ends.',
    param: { example: '2026-05-02T00:00:00Z' },
    override: { type: 'string', format: 'date-time' },
  }),
};

const FilterParameters = {
  type: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(NOTIFICATION_TYPES, { error: `one or more of ${NOTIFICATION_TYPES.join(', ')}, separated by commas` })))
    // The same types in another order are the same query.
    .transform((types) => [...new Set(types)].sort())
    .optional()
    .meta({
      description:
        'One type, or several: given several times, or separated by commas. `AutoRenewFailure` is a renewal that failed, `AutoRenewSuccess` one that did not; `OutOfCredit` and `AccountCreditWarning` are about money; `UnitAllowanceThreshold` and `CounterThreshold` about what is left of data, calls or texts; the `Plan...` ones about the plan and its end; `Unrecognised` is any other name.',
      param: { example: ['AutoRenewFailure', 'OutOfCredit'], style: 'form', explode: true },
      override: { type: 'array', items: { type: 'string', enum: [...NOTIFICATION_TYPES] } },
    }),
  state: z
    .string()
    .min(1, 'non-empty text')
    .optional()
    .meta({ description: 'Exactly this state.', param: { example: 'renewFailure' } }),
  device: z
    .string()
    .min(1, 'a device')
    .optional()
    .meta({ description: 'Of this device alone.', param: { example: '14155550142' } }),
  name: z
    .string()
    .min(1, 'a name')
    .optional()
    .meta({ description: 'Exactly this name, which tells counters apart.', param: { example: 'Data Thresholds' } }),
};

type RangeGiven = { from?: number | undefined; to?: number | undefined };

/** Refuses a range that runs backwards. */
const forwards = <Query extends z.ZodObject<typeof RangeParameters>>(query: Query) =>
  query.refine(({ from, to }: RangeGiven) => from === undefined || to === undefined || from <= to, {
    path: ['from'],
    error: 'a time not after `to`',
  });

export const EventListQuery = forwards(z.strictObject({ ...RangeParameters, ...FilterParameters, ...PageParameters }));
/** Which events of a list. */
export type EventFilter = Pick<z.infer<typeof EventListQuery>, 'type' | 'state' | 'device' | 'name'>;

/** Of the events of all accounts, one of which may be asked for. */
export const TenantEventListQuery = forwards(
  z.strictObject({
    ...RangeParameters,
    ...FilterParameters,
    account: Account.optional().meta({
      description: 'Of this account alone.',
      param: { example: 'acc-2001' },
      override: { type: 'string', minLength: 1, pattern: '^[^#]+$' },
    }),
    ...PageParameters,
  }),
);

/** Of lists that are filtered by time alone. */
export const RangePageQuery = forwards(z.strictObject({ ...RangeParameters, ...PageParameters }));

/** What every list is asked with. */
export type PageQuery = z.infer<typeof RangePageQuery>;
