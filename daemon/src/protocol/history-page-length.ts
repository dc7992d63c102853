/** Number of entries on a page of the history. Kept apart from the schemas so that the command line starts faster. */
export const historyPageLength = { default: 50, largest: 200 };
