import { expect, test } from '@jest/globals';
import { buildFormula } from '../../../setup/package/formula.mjs';

const release = {
  version: '0.1.0',
  url: 'https://forge.test/ada/hearth/releases/download/v0.1.0/hearth-0.1.0-darwin-arm64.tar.gz',
  sha256: 'ab'.repeat(32),
};

test('the formula names the archive, its hash and the Macs that can run it', () => {
  const lines = buildFormula(release)
    .split('\n')
    .map((line) => line.trim());
  expect(lines).toEqual(
    expect.arrayContaining([
      'homepage "https://forge.test/ada/hearth"',
      `url "${release.url}"`,
      `sha256 "${release.sha256}"`,
      'version "0.1.0"',
      'depends_on arch: :arm64',
      'depends_on macos: :sonoma',
      'bin.install_symlink libexec/"hearth"',
    ]),
  );
});

test('an archive on this machine has no home page', () => {
  expect(buildFormula({ ...release, url: 'file:///tmp/hearth.tar.gz' })).not.toContain('homepage');
});

test('a value cannot leave its string', () => {
  expect(buildFormula({ ...release, url: 'file:///tmp/"; system("x")/#{x}\\.gz' })).toContain(
    'url "file:///tmp/\\"; system(\\"x\\")/\\#{x}\\\\.gz"',
  );
});

test('every block is closed', () => {
  const lines = buildFormula(release)
    .split('\n')
    .map((line) => line.trim());
  const opened = lines.filter((line) => /^(class|def) | do$/.test(line)).length;
  expect(lines.filter((line) => line === 'end')).toHaveLength(opened);
});
