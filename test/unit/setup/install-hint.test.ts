import { expect, test } from '@jest/globals';
import { installHint, linuxFamily } from '../../../setup/install-hint.mjs';

test.each([
  ['ID=debian\nVERSION_ID="12"\n', 'debian'],
  ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
  ['ID=fedora\n', 'fedora'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
  ['ID=arch\n', 'linux'],
])('%j belongs to %s', (osRelease, family) => {
  expect(linuxFamily(osRelease)).toBe(family);
});

test.each([
  ['macos', 'Install it with `xcode-select --install`.'],
  ['debian', 'Install it with `sudo apt install g++`.'],
  ['fedora', 'Install it with `sudo dnf install gcc-c++`.'],
])('on %s a missing compiler gets the command that installs it', (system, sentence) => {
  expect(installHint('compiler', system)).toBe(sentence);
});

test('on another Linux both families are named', () => {
  expect(installHint('pip', 'linux')).toMatch(/apt install python3-pip.*dnf install python3-pip/);
});
