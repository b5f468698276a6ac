// English texts of the view call.

export const call = {};
