// The Chinese of the English sentences in `/_emulator/operations`.

/** @type {Readonly<Record<string, string>>} */
export const sentences = {};
