// English texts of the view journal.

export const journal = {};
