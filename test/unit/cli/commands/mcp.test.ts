import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mcpClients } from '../../../../daemon/src/cli/mcp/mcp-clients.ts';

const cliModule = fileURLToPath(new URL('../../../../daemon/dist/cli/main.js', import.meta.url));
const launcher = fileURLToPath(new URL('../../../../hearth', import.meta.url));

let home: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'hearth-mcp-'));
});

afterAll(() => rmSync(home, { recursive: true }));

function hearth(...given: readonly string[]) {
  const env = { ...process.env, HOME: home, HEARTH_HOME: join(home, 'hearth home'), XDG_CONFIG_HOME: '' };
  const args = ['--disable-warning=ExperimentalWarning', cliModule, 'mcp', ...given];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env });
  return { status, stdout, stderr };
}

test('install writes to the file of the client, keeps its mode, and a copy of it as it was', () => {
  const { file } = mcpClients({ HOME: home })['claude-desktop'];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{ "mcpServers": { "other": { "command": "x" } } }', { mode: 0o600 });
  const { status, stdout, stderr } = hearth('install', 'claude-desktop');
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
  expect(stderr).toContain(`Claude Desktop has Hearth now: ${file}`);
  expect(stderr).toContain('No folder is allowed yet.');
  const env = { HEARTH_HOME: join(home, 'hearth home') };
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    mcpServers: { other: { command: 'x' }, hearth: { command: launcher, args: ['mcp'], env } },
  });
  expect(readFileSync(`${file}.before-hearth`, 'utf8')).toBe('{ "mcpServers": { "other": { "command": "x" } } }');
  for (const path of [file, `${file}.before-hearth`]) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(hearth('install', 'claude-desktop').stderr).toContain('Claude Desktop has Hearth already');
  expect(hearth('uninstall', 'claude-desktop').status).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ mcpServers: { other: { command: 'x' } } });
});

test('the copy replaces no file and is not written through a link', () => {
  const { file } = mcpClients({ HOME: home })['claude-desktop'];
  const [copy, other] = [`${file}.before-hearth`, join(home, 'other.txt')];
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '{ "mcpServers": {} }');
  writeFileSync(copy, 'mine');
  writeFileSync(other, 'other');
  symlinkSync(other, `${copy}-2`);
  expect(hearth('install', 'claude-desktop').status).toBe(0);
  expect([copy, other, `${copy}-3`].map((path) => readFileSync(path, 'utf8'))).toEqual([
    'mine',
    'other',
    '{ "mcpServers": {} }',
  ]);
});

test('install makes a file that is missing, in the form that VS Code reads', () => {
  expect(hearth('install', 'vscode').status).toBe(0);
  const { servers } = JSON.parse(readFileSync(mcpClients({ HOME: home }).vscode.file, 'utf8'));
  expect(servers.hearth).toMatchObject({ type: 'stdio', command: launcher, args: ['mcp'] });
});

test('a file that is not JSON stays as it is', () => {
  const { file } = mcpClients({ HOME: home }).cursor;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'oops');
  expect(hearth('install', 'cursor')).toMatchObject({ status: 1, stderr: expect.stringContaining('Expected JSON in') });
  expect(readFileSync(file, 'utf8')).toBe('oops');
  // --print reads no file.
  expect(JSON.parse(hearth('install', 'cursor', '--print').stdout)).toHaveProperty(
    'mcpServers.hearth.command',
    launcher,
  );
});

test('without a client, install shows what others need', () => {
  const { stdout } = hearth('install');
  expect(stdout).toContain(
    `claude mcp add --scope user --env 'HEARTH_HOME=${home}/hearth home' hearth -- ${launcher} mcp`,
  );
  expect(hearth('install', 'emacs')).toMatchObject({
    status: 2,
    stderr: "hearth: Expected claude-desktop, cursor, vscode as <client>, got 'emacs'.\n",
  });
});
