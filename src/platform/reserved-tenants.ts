/** No tenant can have this name. It has three meanings, and no request mixes them. */
const RESERVED = '-';
/** No usable tenant, or one that is not known. */
export const UNKNOWN_TENANT = RESERVED;
/** The operator of the service. */
export const PLATFORM_TENANT = RESERVED;
export const ALL_TENANTS = RESERVED;
