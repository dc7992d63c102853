import { execFile, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { clientsFolder, installNpmClients, installPythonClients } from '../clients/install-clients.mjs';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { freePort } from './support/free-port.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';
import { withoutFiller } from './support/without-filler.ts';

// Clients as they come from their registries, with their own HTTP, on the real daemon.
const token = 'a-token-of-more-than-thirty-two-characters';
const recording = pathOf('test/fixtures/audio/google_brooklyn.flac');
const hotword = pathOf('test/fixtures/audio/fasterwhisper_hotwords.mp3');
const german = pathOf('test/fixtures/audio/picovoice_leopard_de.wav');
const spoken = 'How old is the Brooklyn Bridge?';
const request = { token, recording, hotword, german };
const run = promisify(execFile);

/** The lock file holds what this Python and newer ones need; without one the Python clients are left out. */
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;

let pythonPath = '';
let daemon: RunningDaemon;
let address: string;

const installingMs = 900_000;

beforeAll(async () => {
  await installNpmClients();
  if (hasPython) pythonPath = await installPythonClients();
  const listen = `127.0.0.1:${await freePort()}`;
  address = `http://${listen}`;
  daemon = await startDaemon({ environment: { ...eachWindowOnce, HEARTH_LISTEN: listen, HEARTH_TOKEN: token } });
}, installingMs);

afterAll(async () => {
  expect(await daemon.spooled()).toEqual([]);
  await daemon.stop();
});

async function runClient<Result>(node: string, script: string, given: object): Promise<Result> {
  const { stdout } = await run(node, [join(clientsFolder, script), JSON.stringify(given)], { cwd: clientsFolder });
  return JSON.parse(stdout) as Result;
}

/** The Node of a major version that comes as a package, where there is one for this platform. */
function nodeOf(major: number): string | null {
  const name = `node-${major}-${process.platform}-${process.arch}`;
  const path = join(clientsFolder, 'node_modules', name, 'bin', 'node');
  return existsSync(path) ? path : null;
}

/** The models that transcribe, as the types of a package name them. */
function modelsIn(file: string): string[] {
  const source = readFileSync(join(clientsFolder, 'node_modules', file), 'utf8');
  const names = [...source.matchAll(/'((?:whisper|gpt)-[\w.-]+)'/g)].map(([, name]) => name as string);
  return [...new Set(names.filter((name) => /transcribe|whisper/.test(name)))];
}

interface Failure {
  readonly status: number;
  readonly code: string;
  readonly type: string;
  readonly param: string | null;
  readonly requestID: string;
}

interface OpenAiResult {
  readonly json: { readonly text: string };
  readonly text: string;
  readonly srt: string;
  readonly vtt: string;
  readonly verbose: object;
  readonly events: readonly { readonly type: string; readonly delta?: string; readonly text?: string }[];
  readonly hotword: string;
  readonly candidates: string;
  readonly translation: object;
  readonly listed: readonly { readonly id: string }[];
  readonly retrieved: object;
  readonly textOfModels: Readonly<Record<string, string>>;
  readonly failures: Readonly<Record<string, Failure>>;
}

test.each([20, 22, 24])('npm openai on Node %i, with that Node’s own fetch', async (major) => {
  const node = process.version.startsWith(`v${major}.`) ? process.execPath : nodeOf(major);
  // Packages that carry a Node exist for the platforms that Hearth runs on; elsewhere the pinned one has to do.
  if (node === null) return expect(['linux-x64', 'linux-arm64', 'darwin-arm64']).not.toContain(platform());
  const models = major === 22 ? modelsIn('openai/resources/audio/audio.d.ts') : [];
  if (major === 22) expect(models).toEqual(expect.arrayContaining(['whisper-1', 'gpt-transcribe']));
  const result = await runClient<OpenAiResult>(node, 'openai-client.mjs', { ...request, address, models });

  expect(result.json).toMatchObject({ text: expect.stringContaining('Brooklyn'), languages: [{ code: 'en' }] });
  expect(withoutFiller(result.text)).toBe(`${spoken}\n`);
  expect(withoutFiller(result.srt)).toMatch(
    /^1\n00:00:00,\d{3} --> 00:00:0[12],\d{3}\nHow old is the Brooklyn Bridge\?\n\n$/,
  );
  expect(withoutFiller(result.vtt)).toMatch(/^WEBVTT\n\n00:00\.\d{3} --> 00:0[12]\.\d{3}\nHow old/);
  expect(result.verbose).toMatchObject({
    task: 'transcribe',
    language: 'english',
    text: spoken,
    segments: [{ id: 0, text: expect.stringContaining('Brooklyn') }],
    words: spoken.split(' ').map((word) => ({ word, start: expect.any(Number), end: expect.any(Number) })),
  });
  expect(result.events.map(({ delta = '' }) => delta).join('')).toBe(spoken);
  expect(result.events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: spoken });
  expect(result.hotword).toContain('ComfyUI');
  expect(['german', 'french']).toContain(result.candidates);
  expect(result.translation).toMatchObject({ task: 'translate', language: 'english' });
  expect(result.listed).toEqual([{ id: 'whisper-base-4bit', object: 'model', created: 0, owned_by: 'hearth' }]);
  expect(result.retrieved).toEqual(result.listed[0]);
  expect(result.textOfModels).toEqual(Object.fromEntries(models.map((model) => [model, spoken])));

  const invalid = { type: 'invalid_request_error', requestID: expect.stringMatching(/^req_/) };
  expect(result.failures).toMatchObject({
    model: { ...invalid, status: 404, code: 'MODEL_NOT_FOUND' },
    modelOfList: { ...invalid, status: 404, code: 'MODEL_NOT_FOUND' },
    include: { ...invalid, status: 400, param: 'include' },
    diarized: { ...invalid, status: 400, param: 'response_format' },
    speakers: { ...invalid, status: 400, param: 'known_speaker_names' },
    strategy: { ...invalid, status: 400, param: 'chunking_strategy' },
    token: { ...invalid, status: 401, code: 'TOKEN_INVALID' },
    route: { ...invalid, status: 404, code: 'ROUTE_NOT_FOUND' },
  });
});

function platform(): string {
  return `${process.platform}-${process.arch}`;
}

test('npm openai over the socket, as the page shows it', async () => {
  const { socketPath } = daemon;
  expect(await runClient(process.execPath, 'openai-socket.mjs', { socketPath, recording })).toEqual({
    text: spoken,
    models: ['whisper-base-4bit'],
  });
});

test('the AI SDK', async () => {
  expect(await runClient(process.execPath, 'ai-sdk.mjs', { ...request, address })).toEqual({
    whisper: {
      text: spoken,
      language: 'en',
      segments: spoken.split(' ').map((text) => expect.objectContaining({ text })),
    },
    newest: spoken,
    diarized: { statusCode: 400, message: expect.stringContaining('Hearth does not tell speakers apart.') },
  });
});

test('curl, on TCP and on the socket', async () => {
  const form = ['--silent', '-F', `file=@${recording}`, '-F', 'model=whisper-1', '-F', 'response_format=text'];
  const path = '/v1/audio/transcriptions';
  const tcp = await run('curl', [...form, '-H', `Authorization: Bearer ${token}`, address + path]);
  const socket = await run('curl', [...form, '--unix-socket', daemon.socketPath, `http://localhost${path}`]);
  expect([tcp.stdout, socket.stdout].map(withoutFiller)).toEqual([`${spoken}\n`, `${spoken}\n`]);
  const wrongDoor = [...form, '--unix-socket', daemon.socketPath, 'http://localhost/v1/transcriptions'];
  expect(JSON.parse((await run('curl', wrongDoor)).stdout)).toMatchObject({
    error: { code: 'REQUEST_INVALID', hint: expect.stringContaining(path) },
  });
});

(hasPython ? test : test.skip)('PyPI openai, litellm and requests', async () => {
  const env = { ...process.env, PYTHONPATH: pythonPath, LITELLM_LOCAL_MODEL_COST_MAP: 'True' };
  const given = { ...request, address, socketPath: daemon.socketPath };
  const { stdout } = await run('python3', [pathOf('test/clients/clients.py'), JSON.stringify(given)], { env });
  expect(JSON.parse(stdout)).toEqual({
    json: expect.stringContaining('Brooklyn'),
    text: expect.stringContaining(`${spoken}\n`),
    srt: expect.stringContaining(spoken),
    verbose: expect.objectContaining({ language: 'english', words: expect.any(Array), segments: expect.any(Array) }),
    events: expect.arrayContaining([expect.objectContaining({ type: 'transcript.text.done', text: spoken })]),
    hotword: expect.stringContaining('ComfyUI'),
    translation: 'english',
    'bytes without a name': spoken,
    listed: ['whisper-base-4bit'],
    retrieved: 'whisper-base-4bit',
    include: { status: 400, code: 'OPTION_INVALID', param: 'include', id: expect.stringMatching(/^req_/) },
    'unknown model': expect.objectContaining({ status: 404, code: 'MODEL_NOT_FOUND' }),
    socket: spoken,
    async: { text: spoken, events: expect.arrayContaining(['transcript.text.delta', 'transcript.text.done']) },
    requests: spoken,
    'requests stream': expect.stringContaining('text/event-stream'),
    'requests words': spoken.split(' '),
    'requests refused': [400, 'temperature'],
    'litellm whisper-1': spoken,
    'litellm gpt-4o-transcribe': spoken,
    'litellm gpt-transcribe': spoken,
  });
});
