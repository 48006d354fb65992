/** No tenant can have this name. It stands for three things, which no request confuses. */
const RESERVED = '-';
/** What names no usable tenant, or one that nobody knows. */
export const UNKNOWN_TENANT = RESERVED;
/** Whoever operates the service. */
export const PLATFORM_TENANT = RESERVED;
/** Every tenant at once. */
export const ALL_TENANTS = RESERVED;
