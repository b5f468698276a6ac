// Chinese texts of the secrets.

/** @type {Record<keyof typeof import('./en_secrets.js').secrets, string>} */
export const secrets = {};
