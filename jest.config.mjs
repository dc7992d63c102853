// On a Mac, daemons of tests would pull the model that Macs transcribe with.
process.env.HEARTH_MODEL ??= 'whisper-base-4bit';

/** Tests run the TypeScript sources on the pinned Node; type errors are `tsc --build`'s business. */
const shared = {
  testEnvironment: '<rootDir>/test/jest/main-realm-environment.mjs',
  transform: { '\\.ts$': '<rootDir>/test/jest/strip-types.mjs' },
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: {
    '^@hearth/native$': '<rootDir>/native/index.ts',
    '^@hearth/launchd$': '<rootDir>/launchd/src/index.ts',
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
  testTimeout: 300_000,
  maxWorkers: 1,
};
