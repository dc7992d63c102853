import { expect, test } from '@jest/globals';
import { requireReadablePlace, stablePath } from '../../../daemon/src/cli/installation.ts';

test.each(['Desktop', 'Documents', 'Downloads', 'Library/Mobile Documents'])(
  'a Hearth in %s, which macOS protects, is refused with what to do',
  (folder) => {
    expect(() => requireReadablePlace(`/Users/ada/${folder}/hearth/daemon/main.js`, '/Users/ada')).toThrow(
      expect.objectContaining({ code: 'PLACE_GUARDED', hint: expect.stringContaining('Move it elsewhere') }),
    );
  },
);

test.each(['/opt/homebrew/opt/hearth/main.js', '/Users/ada/hearth/main.js', '/Users/ada/Documents-old/main.js'])(
  '%s may be run by anybody',
  (path) => {
    expect(() => requireReadablePlace(path, '/Users/ada')).not.toThrow();
  },
);

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
