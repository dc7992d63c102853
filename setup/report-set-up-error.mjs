/** Writes a failed set-up to stderr: the end of the log first, so that the sentence that matters comes last. */
export function reportSetUpError(error) {
  if (error.name !== 'SetUpError') {
    console.error(error);
    return;
  }
  if (error.logTail) console.error(`\n${error.logTail}\n`);
  console.error(`Hearth's set-up failed.\n${error.message}`);
}
