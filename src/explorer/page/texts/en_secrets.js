// English texts of the secrets.

export const secrets = {};
