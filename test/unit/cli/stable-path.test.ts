import { expect, test } from '@jest/globals';
import { stablePath } from '../../../daemon/src/cli/stable-path.ts';

test('a path of one version in the Cellar becomes the one that every version has', () => {
  const path = '/opt/homebrew/Cellar/hearth/0.1.0/libexec/node/bin/node';
  expect(stablePath(path, () => true)).toBe('/opt/homebrew/opt/hearth/libexec/node/bin/node');
});

test('where nothing is linked there, it stays', () => {
  const path = '/opt/homebrew/Cellar/hearth/0.1.0/libexec/node/bin/node';
  expect(stablePath(path, () => false)).toBe(path);
});

test('any other path stays', () => {
  expect(stablePath('/Users/ada/hearth/node_modules/.bin/node', () => true)).toBe(
    '/Users/ada/hearth/node_modules/.bin/node',
  );
});
