import * as z from 'zod';
import { digest } from '../../platform/hash.ts';
import { readItem, type Table } from '../../platform/table.ts';
import { isShortCode, twoWayNumberKey } from '../../schemas/configuration/two-way-number.ts';
import { numberOwnerKey } from '../../schemas/keys.ts';
import type { SmsReply } from '../../schemas/message/sms-reply.ts';
import { countryOfPhone } from '../../schemas/profile/phone-number.ts';

const Owner = z.object({ tenant: z.string() });

/** The tenant that owns the texted two-way number, by its configuration in force; undefined when no tenant does. */
export async function findNumberOwner(
  table: Table,
  reply: Pick<SmsReply, 'originationNumber' | 'destinationNumber'>,
): Promise<string | undefined> {
  const name = ownedName(reply);
  const item = name === undefined ? undefined : await readItem(table, numberOwnerKey(digest(name).toString('hex')));
  return item && Owner.parse(item).tenant;
}

/** E.164, or a short code with the country of the sender, because short codes are per country. */
function ownedName({
  originationNumber,
  destinationNumber,
}: Pick<SmsReply, 'originationNumber' | 'destinationNumber'>): string | undefined {
  if (isShortCode(destinationNumber)) {
    const country = countryOfPhone(originationNumber);
    return country === undefined ? undefined : twoWayNumberKey({ number: destinationNumber, country });
  }
  const [, digits] = /^\+?([1-9]\d{6,14})$/.exec(destinationNumber) ?? [];
  return digits === undefined ? undefined : `+${digits}`;
}
