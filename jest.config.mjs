import { fileURLToPath } from 'node:url';

// On a Mac, daemons of tests would pull the model that Macs transcribe with.
process.env.HEARTH_MODEL ??= 'whisper-base-4bit';
// As the launcher does: a tenth off the start of each of the many processes that tests start.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('build/compile-cache', import.meta.url));
// What the encoder made of a window in one file is there for others of this run; parity.test.ts encodes all by itself.
process.env.HEARTH_TEST_FEATURES ??= fileURLToPath(new URL('build/test-features', import.meta.url));

/** Tests run the TypeScript sources on the pinned Node; type errors are `tsc --build`'s business. */
const shared = {
  testEnvironment: '<rootDir>/test/jest/main-realm-environment.mjs',
  transform: { '\\.ts$': '<rootDir>/test/jest/strip-types.mjs' },
  extensionsToTreatAsEsm: ['.ts'],
  setupFilesAfterEnv: ['<rootDir>/test/jest/compare-bytes.mjs'],
  moduleNameMapper: {
    '^@hearth/native$': '<rootDir>/native/index.ts',
    '^@hearth/native/shard-index$': '<rootDir>/native/shard-index.ts',
    '^@hearth/native/testing$': '<rootDir>/native/testing.ts',
    '^@hearth/launchd$': '<rootDir>/launchd/src/index.ts',
    '^typebox$': '<rootDir>/test/jest/shared/typebox.mjs',
    '^typebox/value$': '<rootDir>/test/jest/shared/typebox-value.mjs',
  },
  modulePathIgnorePatterns: ['<rootDir>/extension/', '/dist/', '/build/'],
};

export default {
  projects: ['unit', 'engine', 'e2e', 'raycast'].map((name) => ({
    ...shared,
    displayName: name,
    testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
    ...(name === 'raycast' && { globalSetup: '<rootDir>/test/raycast/global-setup.mjs' }),
  })),
  // It only ends what hangs: everything takes many times as long where other programs have the cores.
  testTimeout: 900_000,
  // Four files leave a fifth of two cores idle: much of a test is a wait for a child process, a package, a disk or one thread.
  // Each has an engine, which takes up to a gigabyte.
  maxWorkers: 6,
  testSequencer: '<rootDir>/test/jest/longest-first.mjs',
  globalSetup: '<rootDir>/test/jest/begin-run.mjs',
  globalTeardown: '<rootDir>/test/jest/end-run.mjs',
};
