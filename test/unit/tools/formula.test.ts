import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { buildFormula } from '../../../tools/package/formula.mjs';

const release = {
  url: 'https://forge.test/ada/hearth/releases/download/v0.1.0/hearth-darwin-arm64-0.1.0.tar.gz',
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
      'depends_on arch: :arm64',
      'depends_on macos: :sonoma',
      'bin.install_symlink libexec/"hearth"',
      'generate_completions_from_executable(bin/"hearth", "completion")',
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

/** Of Homebrew's FormulaAudit/ComponentsOrder, those that stand here. */
const order = ['desc', 'homepage', 'url', 'sha256', 'license', 'depends_on', 'preserve_rpath', 'skip_clean'];

test('its parts stand in the order that Homebrew’s audit wants, and name the version nowhere', () => {
  const parts = buildFormula(release)
    .split('\n')
    .flatMap((line) => /^ {2}([a-z_0-9]+)(?: |$)/.exec(line)?.[1] ?? [])
    .filter((part) => !['def', 'end', 'test'].includes(part));
  expect(parts.filter((part, index) => part !== parts[index - 1])).toEqual(order);
});

test('Homebrew reads the version in the archive’s name', () => {
  // The first of the patterns in Homebrew's version.rb that such a name meets.
  expect(/-(\d+(?:\.\d+)*)$/.exec(release.url.replace(/\.tar\.gz$/, ''))?.[1]).toBe('0.1.0');
});

const hasRuby = spawnSync('ruby', ['--version']).status === 0;
(hasRuby ? test : test.skip)('Ruby reads it without a warning (skipped where there is no Ruby)', () => {
  const { status, stderr } = spawnSync('ruby', ['-wc'], { input: buildFormula(release), encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});
