// Chinese texts of the view controls.

/** @type {Record<keyof typeof import('./en_controls.js').controls, string>} */
export const controls = {};
