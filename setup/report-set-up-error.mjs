/** Prints a failed set-up to stderr: first the end of the log, then the sentence that matters. */
export function reportSetUpError(error) {
  if (error.name !== 'SetUpError') {
    console.error(error);
    return;
  }
  if (error.logTail) console.error(`\n${error.logTail}\n`);
  console.error(`Hearth's set-up failed.\n${error.message}`);
}
