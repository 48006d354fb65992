/** Where events go that name no usable tenant: no tenant can have this name. */
export const NO_TENANT = '-';
