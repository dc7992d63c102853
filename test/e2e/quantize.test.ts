import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pathOf } from '../engine/fork-engine.ts';
import { writeModelFolder } from '../engine/support/model-folder.ts';
import { createSmallModel } from '../engine/support/small-model.ts';
import { keys, openTerminal } from './support/terminal.ts';

const cliModule = pathOf('daemon/dist/cli/main.js');
const speech = pathOf('test/fixtures/audio/google_brooklyn.flac');

let folder: string;
let home: string;
let source: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-quantize-'));
  home = join(folder, 'home');
  source = join(folder, 'whisper-small-fp16');
  await mkdir(source);
  const model = createSmallModel({ melBins: 80, vocabularySize: 51864, seed: 5 });
  await writeModelFolder(source, model, {
    layout: 'hugging-face',
    storage: { dtype: 'F16' },
    weightsFile: 'model.safetensors',
  });
});

afterAll(async () => {
  await finish(hearth('stop'));
  await rm(folder, { recursive: true });
});

function hearth(...values: readonly string[]): ChildProcess {
  return spawn(process.execPath, [cliModule, ...values], { env: { ...process.env, HEARTH_HOME: home } });
}

async function finish(child: ChildProcess) {
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code };
}

async function groupSizeOf(name: string): Promise<unknown> {
  const config = JSON.parse(await readFile(join(home, 'models', name, 'config.json'), 'utf8'));
  return config.quantization.group_size;
}

/** What is in the folder of models, whole or not. */
function modelsFolder(): Promise<string[]> {
  return readdir(join(home, 'models')).catch(() => []);
}

test('a model becomes one that is listed and loads, while a terminal shows how far it is', async () => {
  const terminal = openTerminal({
    command: [process.execPath, cliModule, 'models', 'quantize', source],
    environment: { HEARTH_HOME: home },
    columns: 120,
  });
  expect(await terminal.ended).toBe(0);
  expect(terminal.written()).toMatch(/layer \d+ of 33/);
  expect(terminal.lines().join('\n')).toMatch(/whisper-small-4bit is ready, \d+ MB\. Choose it with --model/);
  expect(await modelsFolder()).toEqual(['whisper-small-4bit']);
  expect(await groupSizeOf('whisper-small-4bit')).toBe(64);
  expect((await finish(hearth('models', 'list'))).stdout).toMatch(/^whisper-small-4bit /m);
  expect(await finish(hearth('models', 'load', 'whisper-small-4bit'))).toMatchObject({ code: 0 });
});

test('programs read its progress and its result as JSON; a name that is taken is refused', async () => {
  const values = ['models', 'quantize', source, '--bits', '5', '--encoder-bits', '8', '--output', 'mine', '--json'];
  const { code, stdout } = await finish(hearth(...values));
  expect(code).toBe(0);
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events[0]).toEqual({ type: 'quantize-progress', step: 'quantizing', done: 1, total: 33 });
  expect(events.at(-1)).toEqual({ type: 'quantize-done', name: 'mine', byteCount: expect.any(Number) });
  const again = await finish(hearth(...values));
  expect(again).toMatchObject({ code: 2, stdout: '' });
  expect(again.stderr).toContain('Expected a name that no model here has, got mine.');
});

test.each([
  ['Ctrl-C', (cli: ChildProcess) => cli.kill('SIGINT'), 130, /^hearth: Cancelled\. The model is not made\./],
  ['SIGTERM', (cli: ChildProcess) => cli.kill('SIGTERM'), 130, /^hearth: Cancelled\. The model is not made\./],
  ['the death of its process', killChildOf, 1, /^hearth: The process that makes the model ended with SIGKILL/],
] as const)('%s leaves no model, and a run with other options begins anew', async (_, end, exitCode, message) => {
  const cli = hearth('models', 'quantize', source, '--output', 'ended', '--calibrate', speech, '--json');
  const lines = createInterface({ input: cli.stdout as NodeJS.ReadableStream });
  const stderr = text(cli.stderr as NodeJS.ReadableStream);
  // Speech is heard for seconds before the first layer.
  const [line] = (await once(lines, 'line')) as [string];
  expect(JSON.parse(line)).toMatchObject({ step: 'listening', done: 0, total: 1 });
  await end(cli);
  const [code] = await once(cli, 'close');
  expect([code, await stderr]).toEqual([exitCode, expect.stringMatching(message)]);
  expect(await modelsFolder()).not.toContain('ended');
  const next = await finish(hearth('models', 'quantize', source, '--output', 'ended'));
  expect(next.code).toBe(0);
  expect((await modelsFolder()).filter((name) => name.startsWith('.'))).toEqual([]);
  await rm(join(home, 'models', 'ended'), { recursive: true });
});

test('a run that was cancelled goes on with the layers that it has made, and gives the model that it would have given', async () => {
  const values = ['models', 'quantize', source, '--calibrate', speech, '--json', '--output'];
  expect((await finish(hearth(...values, 'whole'))).code).toBe(0);
  const cli = hearth(...values, 'parts');
  for await (const line of createInterface({ input: cli.stdout as NodeJS.ReadableStream })) {
    const { step, done } = JSON.parse(line) as { step?: string; done?: number };
    if (step === 'quantizing' && done === 3) cli.kill('SIGINT');
  }
  const left = (await modelsFolder()).find((name) => name.startsWith('.')) as string;
  const layers = async (folder: string) => (await readFile(join(folder, 'finished-layers'), 'utf8')).trim().split('\n');
  const made = await layers(join(home, 'models', left));
  expect(made.length).toBeGreaterThanOrEqual(3);
  expect(made.length).toBeLessThan(33);
  expect(await finish(hearth(...values, 'parts'))).toMatchObject({ code: 0, stderr: '' });
  const [whole, parts] = await Promise.all(
    ['whole', 'parts'].map((name) => readFile(join(home, 'models', name, 'weights.safetensors'))),
  );
  expect(Buffer.compare(whole as Buffer, parts as Buffer)).toBe(0);
  expect(await groupSizeOf('whole')).toBe(32);
  expect((await modelsFolder()).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('Ctrl-C in a terminal, which its process gets too, leaves one line that says how to go on', async () => {
  const values = ['models', 'quantize', source, '--calibrate', speech, '--output', 'pressed'];
  const terminal = openTerminal({
    command: [process.execPath, cliModule, ...values],
    environment: { HEARTH_HOME: home },
    columns: 120,
  });
  await terminal.until((shown) => /layer [1-9]\d* of 33/.test(shown.screen().join('\n')));
  terminal.type(keys.controlC);
  expect(await terminal.ended).toBe(130);
  expect(terminal.lines().filter((line) => line !== '')).toEqual([
    'hearth: Cancelled. The model is not made. The same command goes on where this one ended.',
  ]);
  expect(await finish(hearth(...values))).toMatchObject({ code: 0 });
  expect(await modelsFolder()).toContain('pressed');
});

test('what a library says of a damaged recording is not shown', async () => {
  // libmpg123 writes a warning to standard error.
  const damaged = pathOf('test/fixtures/audio/jfk_truncated.mp3');
  const cli = hearth('models', 'quantize', source, '--calibrate', speech, damaged, '--output', 'quiet', '--json');
  const stderr = text(cli.stderr as NodeJS.ReadableStream);
  for await (const line of createInterface({ input: cli.stdout as NodeJS.ReadableStream })) {
    const { step, done } = JSON.parse(line) as { step?: string; done?: number };
    // Both are heard before the first layer.
    if (step === 'quantizing' && done === 1) cli.kill('SIGINT');
  }
  expect((await stderr).trim().split('\n')).toEqual([
    'hearth: Cancelled. The model is not made. The same command goes on where this one ended.',
  ]);
});

test('a run goes on while another one ends', async () => {
  const slow = hearth('models', 'quantize', source, '--output', 'slow', '--calibrate', speech, '--json');
  const stderr = text(slow.stderr as NodeJS.ReadableStream);
  await once(createInterface({ input: slow.stdout as NodeJS.ReadableStream }), 'line');
  const end = once(slow, 'close');
  expect((await finish(hearth('models', 'quantize', source, '--output', 'quick'))).code).toBe(0);
  const [code] = await end;
  expect([code, await stderr]).toEqual([0, '']);
  expect(await modelsFolder()).toEqual(expect.arrayContaining(['quick', 'slow']));
  expect((await modelsFolder()).filter((name) => name.startsWith('.'))).toEqual([]);
});

async function killChildOf(cli: ChildProcess): Promise<void> {
  const { stdout } = await finish(spawn('ps', ['-A', '-o', 'pid=,ppid=']));
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const child = pairs.find(([, parent]) => parent === cli.pid);
  process.kill(child?.[0] as number, 'SIGKILL');
}

test('a disk that is full ends it in an error, and leaves nothing', async () => {
  // No file may grow beyond 512 KB; without the signal for it, a write fails as on a full disk.
  const limited = `trap '' XFSZ; ulimit -f 1000; exec "$0" "$@"`;
  const values = [process.execPath, cliModule, 'models', 'quantize', source, '--output', 'large'];
  const child = spawn('sh', ['-c', limited, ...values], { env: { ...process.env, HEARTH_HOME: home } });
  const { code, stderr } = await finish(child);
  expect([code, stderr]).toEqual([1, expect.stringContaining('No space is left to write')]);
  expect(await modelsFolder()).not.toContain('large');
  expect((await modelsFolder()).filter((name) => name.startsWith('.'))).toEqual([]);
});

test.each([
  ['bits that do not exist', ['--bits', '7'], 2, 'Allowed choices are 4, 5, 6, 8'],
  ['a name with a slash', ['--output', '../mine'], 2, 'Expected letters, digits'],
  ['a recording that is not there', ['--calibrate', '/nowhere.wav'], 1, 'Expected a recording at /nowhere.wav'],
] as const)('it refuses %s', async (_, values, exitCode, message) => {
  const { code, stderr } = await finish(hearth('models', 'quantize', source, ...values));
  expect([code, stderr]).toEqual([exitCode, expect.stringContaining(message)]);
});

test('it refuses what is no Whisper model, or is quantised already', async () => {
  const empty = join(folder, 'empty');
  await mkdir(empty);
  await writeFile(join(empty, 'config.json'), '{"model_type":"llama"}');
  const embedded = pathOf('assets/models/whisper-base-4bit');
  for (const [from, message] of [
    [empty, 'Expected one of model.safetensors'],
    [embedded, `quantised already: ${embedded}. Give the model that it was made of.`],
  ] as const) {
    const { code, stderr } = await finish(hearth('models', 'quantize', from, '--output', 'wrong'));
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  }
});
