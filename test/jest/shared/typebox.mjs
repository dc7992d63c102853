/** The same for all test files of a process; `main-realm-environment` loads it. */
export default globalThis.sharedPackages.typebox;
