import { expect, test } from '@jest/globals';
import { homePaths } from '../../../daemon/src/settings/home-paths.ts';

test('a Mac keeps everything in Application Support', () => {
  const { home, socket } = homePaths({ HOME: '/Users/ada' }, 'darwin');
  expect([home, socket]).toEqual([
    '/Users/ada/Library/Application Support/Hearth',
    '/Users/ada/Library/Application Support/Hearth/hearth.sock',
  ]);
});

test('other systems keep it in the state folder', () => {
  expect(homePaths({ HOME: '/home/ada' }, 'linux').home).toBe('/home/ada/.local/state/hearth');
  expect(homePaths({ HOME: '/home/ada', XDG_STATE_HOME: '/state' }, 'linux').home).toBe('/state/hearth');
});

test('HEARTH_HOME moves everything', () => {
  const paths = homePaths({ HOME: '/home/ada', HEARTH_HOME: '/elsewhere' }, 'darwin');
  expect(Object.values(paths).every((path) => path.startsWith('/elsewhere'))).toBe(true);
});

test('a relative home is refused, and a relative XDG folder is not one', () => {
  expect(() => homePaths({ HEARTH_HOME: 'here' })).toThrow(expect.objectContaining({ code: 'SETTINGS_INVALID' }));
  expect(homePaths({ HOME: '/home/ada', XDG_STATE_HOME: 'state' }, 'linux').home).toBe('/home/ada/.local/state/hearth');
});
