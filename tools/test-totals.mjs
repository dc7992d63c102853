/** `N passed, N failed`, with `, N skipped` if there are any. Every check counts as one test. */
export function totalLine({ checks, jest }) {
  const passed = checks.filter(Boolean).length + (jest?.numPassedTests ?? 0);
  // A file that could not be run contains tests that were not counted.
  const brokenFiles = jest?.numRuntimeErrorTestSuites ?? 0;
  const failed = checks.length - checks.filter(Boolean).length + (jest?.numFailedTests ?? 0) + brokenFiles;
  const skipped = (jest?.numPendingTests ?? 0) + (jest?.numTodoTests ?? 0);
  const jestItself = jest === null && checks.every(Boolean) ? 1 : 0;
  return `${passed} passed, ${failed + jestItself} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
