// Chinese texts of the view journal.

/** @type {Record<keyof typeof import('./en_journal.js').journal, string>} */
export const journal = {};
