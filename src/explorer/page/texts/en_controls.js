// English texts of the view controls.

export const controls = {};
