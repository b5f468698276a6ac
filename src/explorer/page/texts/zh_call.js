// Chinese texts of the view call.

/** @type {Record<keyof typeof import('./en_call.js').call, string>} */
export const call = {};
