import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { Notification } from '../schemas/notification.ts';
import type { Profile } from '../schemas/profile.ts';

/**
 * The phone number a notification concerns: the profile's (the device's own entry first), else the device id where that is a
 * possible E.164 number, since operators often name a device by its MSISDN.
 *
 * @returns undefined when there is no number to send to.
 */
export function findPhone(notification: Pick<Notification, 'device'>, profile: Profile | undefined): string | undefined {
  const { device } = notification;
  const ofDevice =
    device !== undefined && profile?.devices && Object.hasOwn(profile.devices, device) ? profile.devices[device]?.phone : undefined;
  return ofDevice ?? profile?.phone ?? (device === undefined ? undefined : possibleNumber(device));
}

function possibleNumber(device: string): string | undefined {
  if (!/^\+?[1-9]\d{6,14}$/.test(device)) return undefined;
  const parsed = parsePhoneNumberFromString(device.startsWith('+') ? device : `+${device}`);
  return parsed?.isPossible() ? parsed.number : undefined;
}
