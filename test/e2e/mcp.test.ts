import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JobList } from '../../daemon/src/protocol/job.ts';
import { clientsFolder, installNpmClients } from '../clients/install-clients.mjs';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { freePort } from './support/free-port.ts';
import { makeHome, type RunningDaemon, startDaemon } from './support/start-daemon.ts';

// The official SDK's clients and the official inspector, as they come from their registry, on the real daemon.
const run = promisify(execFile);
const token = 'a-token-of-more-than-thirty-two-characters';
const cliModule = fileURLToPath(new URL('../../daemon/dist/cli/main.js', import.meta.url));
const audio = pathOf('test/fixtures/audio');
const recording = join(audio, 'google_brooklyn.flac');
const spoken = 'How old is the Brooklyn Bridge?';
const command = [process.execPath, '--disable-warning=ExperimentalWarning', cliModule, 'mcp'];

let daemon: RunningDaemon;
let url: string;
let environment: NodeJS.ProcessEnv;

const installingMs = 900_000;

beforeAll(async () => {
  await installNpmClients();
  const home = await makeHome();
  const listen = `127.0.0.1:${await freePort()}`;
  url = `http://${listen}/mcp`;
  const settings = {
    HEARTH_LISTEN: listen,
    HEARTH_TOKEN: token,
    HEARTH_MCP: 'true',
    HEARTH_MCP_FOLDERS: JSON.stringify([audio]),
  };
  daemon = await startDaemon({ home, environment: { ...eachWindowOnce, ...settings } });
  environment = { ...process.env, ...settings, HEARTH_HOME: home, HOME: home };
}, installingMs);

afterAll(async () => {
  expect(await daemon.spooled()).toEqual([]);
  await daemon.stop();
});

interface McpResult {
  readonly tools: readonly string[];
  readonly progress: readonly { readonly progress: number; readonly total: number; readonly message: string }[];
  readonly id: string;
  readonly transcribed: readonly string[];
  readonly srt: readonly string[];
  readonly resources: readonly { readonly uri: string; readonly name: string }[];
  readonly [name: string]: unknown;
}

async function jobs() {
  return (await daemon.ask({ path: '/v1/jobs' })).json<JobList>().jobs;
}

test.each([
  ['first', 'stdio'],
  ['newest', 'stdio'],
  ['first', 'HTTP'],
  ['second', 'HTTP'],
  ['newest', 'HTTP'],
])("the SDK's client (%s protocol) transcribes, cancels, searches and reads over %s", async (sdk, kind) => {
  const request = {
    ...{ sdk, token, recording, outside: pathOf('package.json'), long: join(audio, 'LJ001-long.mp3') },
    ...(kind === 'stdio' ? { command } : { url }),
  };
  const script = join(clientsFolder, 'mcp-client.mjs');
  const { stdout } = await run(process.execPath, [script, JSON.stringify(request)], { env: environment });
  const result = JSON.parse(stdout) as McpResult;
  const { id, progress } = result;
  expect(result.tools).toEqual(['transcribe', 'search_transcripts', 'read_transcript', 'list_models']);
  expect(result.transcribed).toEqual([`Transcript ${id} · google_brooklyn.flac · en · 2 s`, `${spoken}\n`]);
  expect(progress.map(({ progress }) => progress)).toEqual(
    [...new Set(progress.map((each) => each.progress))].sort((a, b) => a - b),
  );
  expect(progress.at(-1)).toMatchObject({ progress: 98, total: 100, message: 'Transcribed 2 s.' });
  expect(result.srt[1]).toBe(`1\n00:00:00,000 --> 00:00:01,810\n${spoken}\n\n`);
  expect(result).toMatchObject({
    found: { entries: expect.arrayContaining([expect.objectContaining({ id, excerpt: spoken })]), nextBefore: null },
    models: { models: [expect.objectContaining({ name: 'whisper-base-4bit', isDefault: true, isResident: true })] },
    refused: { isError: true, content: [{ text: expect.stringMatching(/`mcpFolders`.*\(FOLDER_NOT_ALLOWED\)$/s) }] },
    wrong: { isError: true, content: [{ text: expect.stringContaining('additional properties') }] },
    unknown: { isError: true, content: [{ text: expect.stringContaining('HISTORY_ENTRY_NOT_FOUND') }] },
    cancelled: 'cancelled',
    templates: ['hearth://transcripts/{id}', 'hearth://transcripts/{id}/{format}'],
    text: [{ uri: `hearth://transcripts/${id}`, mimeType: 'text/plain', text: `${spoken}\n` }],
    subtitles: [{ mimeType: 'text/vtt', text: expect.stringContaining(spoken) }],
    missing: -32602,
    completion: { completion: { values: ['srt'] } },
    prompts: ['minutes', 'chapters'],
    minutes: [
      { content: { type: 'text', text: expect.stringContaining('Write in this language: German.') } },
      { content: { type: 'resource', resource: { uri: `hearth://transcripts/${id}/txt`, text: `${spoken}\n` } } },
    ],
    chapters: [
      { content: { type: 'text', text: expect.stringContaining('00:00:00') } },
      { content: { type: 'resource', resource: { mimeType: 'text/vtt', text: expect.stringMatching(/^WEBVTT/) } } },
    ],
  });
  expect(result.resources[0]).toMatchObject({ uri: `hearth://transcripts/${id}`, name: 'google_brooklyn.flac' });
  // Cancelling is the protocol's own, and reaches the job.
  let last = (await jobs()).at(-1);
  while (last?.endedAt === null) {
    await delay(20);
    last = (await jobs()).at(-1);
  }
  expect(last).toMatchObject({ name: 'LJ001-long.mp3', state: 'cancelled' });
});

test.each(['stdio', 'HTTP'])("the inspector's command line calls a tool over %s", async (kind) => {
  const inspector = join(
    clientsFolder,
    'node_modules',
    '@modelcontextprotocol',
    'inspector',
    'clients',
    'launcher',
    'build',
    'index.js',
  );
  const target =
    kind === 'stdio'
      ? ['-e', `HEARTH_HOME=${daemon.home}`, '-e', `HEARTH_MCP_FOLDERS=${audio}`, ...command]
      : [url, '--header', `Authorization: Bearer ${token}`];
  const asked = ['--method', 'tools/call', '--tool-name', 'transcribe', '--tool-arg', `path=${recording}`];
  const { stdout } = await run(process.execPath, [inspector, '--cli', ...target, ...asked], { env: environment });
  expect(JSON.parse(stdout)).toMatchObject({ content: [{}, { type: 'text', text: `${spoken}\n` }] });
});

test('without the token, over HTTP, nothing is answered', async () => {
  const answer = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(401);
  await answer.body?.cancel();
});

test('a link out of an allowed folder is refused', async () => {
  const folder = join(daemon.home, 'recordings');
  const link = join(folder, 'talk.flac');
  await promisify(execFile)('mkdir', [folder]);
  await symlink(recording, link);
  const child = spawn(process.execPath, command.slice(1), {
    env: { ...environment, HEARTH_MCP_FOLDERS: folder },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output = text(child.stdout);
  const message = (id: number, method: string, params: object) =>
    `${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`;
  const clientInfo = { name: 'by-hand', version: '1' };
  child.stdin.write(message(1, 'initialize', { protocolVersion: '2025-06-18', capabilities: {}, clientInfo }));
  child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/initialized' })}\n`);
  child.stdin.write(message(2, 'tools/call', { name: 'transcribe', arguments: { path: link } }));
  // Nothing but the protocol is on standard output, a message a line.
  const lines: string[] = [];
  child.stdout.on('data', (chunk) => lines.push(String(chunk)));
  while (!lines.join('').includes('"id":2')) await once(child.stdout, 'data');
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
  const messages = (await output)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly id: number });
  expect(messages.map(({ id }) => id)).toEqual([1, 2]);
  expect(messages[1]).toMatchObject({
    result: { isError: true, content: [{ text: expect.stringContaining('FOLDER_NOT_ALLOWED') }] },
  });
});
