/** Entries of a page of the history. Without schemas beside it, since the command line starts faster so. */
export const historyPageLength = { default: 50, largest: 200 };
