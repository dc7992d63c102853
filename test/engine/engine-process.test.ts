import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { TranscriptionOptions } from '../../daemon/src/protocol/options/transcription-options.ts';
import { createNative } from '../../native/index.ts';
import { eachWindowOnce } from '../e2e/support/each-window-once.ts';
import { embeddedModelFolder, type ForkedEngine, forkEngine, jfk, longRecording, pathOf } from './fork-engine.ts';

/** What OpenAI's implementation writes with these weights. */
const jfkText =
  ' And so my fellow Americans ask not what your country can do for you, ask what you can do for your country?';

const onGpu = createNative().info().gpuAvailable;

let engine: ForkedEngine;
let temporaryFolder: string;

beforeEach(async () => {
  temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-engine-'));
});

afterEach(async () => {
  engine.child.kill('SIGKILL');
  await engine.ended;
  await rm(temporaryFolder, { recursive: true });
});

function start(modelFolder = embeddedModelFolder): void {
  engine = forkEngine(eachWindowOnce);
  sendStart(modelFolder);
}

/** Of this one, times and memory are looked at. */
function startAsItIs(): void {
  engine = forkEngine();
  sendStart(embeddedModelFolder);
}

function sendStart(modelFolder: string): void {
  engine.send({
    type: 'start',
    modelFolder,
    threads: null,
    preset: 'auto',
    draftFolder: null,
    arithmetic: 'exact',
    temporaryFolder,
    choicesFile: join(temporaryFolder, 'choices.json'),
    minFreeDiskBytes: 0,
    memoryBudgetBytes: null,
    keptFolders: [],
    keepAliveMs: null,
  });
}

function transcribe(jobId: string, audioPath: string, options: TranscriptionOptions = {}): void {
  const modelFolder = embeddedModelFolder;
  engine.send({ type: 'transcribe', jobId, audioPath, modelFolder, options, priority: 'interactive' });
}

test('a recording is transcribed, and told step by step', async () => {
  startAsItIs();
  const { model } = await engine.eventOf('model-ready');
  expect(model).toMatchObject({ name: 'whisper-base-4bit', quantizationBits: 4, device: onGpu ? 'gpu' : 'cpu' });
  const loading = engine.events.flatMap((event) => (event.type === 'model-loading' ? [event.progress] : []));
  expect([loading[0], loading.at(-1)]).toEqual([0, 1]);
  expect(loading).toEqual([...loading].sort((a, b) => a - b));

  transcribe('jfk', jfk);
  const { result } = await engine.eventOf('job-done', 'jfk');
  expect(result).toMatchObject({
    text: jfkText,
    language: 'en',
    duration: 11,
    model: 'whisper-base-4bit',
    task: 'transcribe',
    warnings: [],
  });
  expect(await engine.eventOf('audio-opened', 'jfk')).toMatchObject({
    audio: { durationSeconds: 11, container: 'FLAC', sampleRateHz: 44_100, channels: 2 },
  });
  const { timings } = result;
  const { model_wait, other, total, align, windows, window_seconds, decoder_steps, tokens, ...rest } = timings;
  const { draft_tokens, accepted_draft_tokens, ...stages } = rest;
  expect([draft_tokens, accepted_draft_tokens]).toEqual([0, 0]);
  const { decode_prompt, decode_host, decode_device, ...separate } = stages;
  const { voice_activity, ...inTurn } = stages;
  // It was heard while the file was decoded.
  expect(voice_activity).toBe(0);
  expect(Math.min(...Object.values(inTurn))).toBeGreaterThan(0);
  const sum = Object.values(separate).reduce((seconds, stage) => seconds + stage, model_wait + other);
  expect(sum).toBeCloseTo(total, 6);
  expect(decode_prompt).toBeLessThan(timings.decode);
  expect(decode_host + decode_device).toBeLessThanOrEqual(timings.decode);
  expect(align).toBe(0);
  expect([windows, window_seconds]).toEqual([1, 30]);
  // The first step reads the prompt and the last one says the end of the text. On a GPU one more is under way by then.
  expect(decoder_steps - tokens).toBe(onGpu ? 2 : 1);
  const types = engine.events.flatMap((event) => ('jobId' in event ? [event.type] : []));
  expect([...new Set(types)]).toEqual([
    ...['job-started', 'audio-opened', 'language-detected', 'text-partial', 'segments-decoded', 'job-done'],
  ]);
  expect(types.filter((type) => type !== 'text-partial')).toHaveLength(5);
});

test('an engine says how much memory it takes, which is what was computed, and why', async () => {
  startAsItIs();
  const { model } = await engine.eventOf('model-ready');
  // What a GPU measures differs from one to the next.
  const matching = (sentences: readonly RegExp[]) => sentences.map((each) => expect.stringMatching(each));
  expect(model.choices).toEqual(
    onGpu
      ? matching([
          /^The encoder has/,
          /^The decoder /,
          /decoded together/,
          /encoded in a pass/,
          /log-mel is computed on/,
        ])
      : [
          'The encoder has 32 bits: a CPU computes exactly so.',
          'One window is decoded together: one keeps a CPU busy.',
          'One window is encoded in a pass.',
        ],
  );
  transcribe('jfk', jfk);
  await engine.eventOf('job-done', 'jfk');
  const { memory } = await engine.nextOf('heartbeat');
  expect(memory.residentBytes).toBeGreaterThan(10_000_000);
  expect(memory.peakResidentBytes).toBeGreaterThanOrEqual(memory.residentBytes);
  const { peakBytes, peakResidentBytes } = memory;
  process.stdout.write(`computed ${model.neededBytes} bytes, taken ${peakResidentBytes}, of MLX's ${peakBytes}\n`);
  // A GPU's memory may be its own; its driver's libraries are the process's.
  if (onGpu) expect(peakBytes).toBeLessThan(model.neededBytes);
  else expect(Math.abs(peakResidentBytes / model.neededBytes - 1)).toBeLessThan(0.15);
  expect(Object.keys(memory).sort()).toEqual([
    'activeBytes',
    'cacheBytes',
    'peakBytes',
    'peakResidentBytes',
    'residentBytes',
  ]);
});

test('an engine says how its work goes on', async () => {
  start();
  transcribe('jfk', jfk);
  await engine.eventOf('job-done', 'jfk');
  let { progress } = await engine.nextOf('heartbeat');
  // What the job leaves behind is still being freed.
  while (progress.isWorking) ({ progress } = await engine.nextOf('heartbeat'));
  expect(progress.steps).toBeGreaterThan(50);
});

test('a model that is not there fails the engine with its reason', async () => {
  start('/nowhere');
  const { error } = await engine.eventOf('engine-failed');
  expect(error).toMatchObject({ code: 'MODEL_NOT_FOUND', message: expect.stringContaining('/nowhere') });
});

test('a recording that cannot be read fails its job only', async () => {
  start();
  transcribe('text', pathOf('package.json'));
  transcribe('jfk', jfk);
  expect((await engine.eventOf('job-failed', 'text')).error.code).toBe('AUDIO_UNSUPPORTED');
  expect((await engine.eventOf('job-done', 'jfk')).result.text).toBe(jfkText);
});

test('a job with a model that cannot be loaded fails, and the next one gets its own model back', async () => {
  start();
  await engine.eventOf('model-ready');
  const lost = { jobId: 'lost', audioPath: jfk, modelFolder: '/nowhere', options: {} };
  engine.send({ type: 'transcribe', ...lost, priority: 'interactive' });
  transcribe('jfk', jfk);
  expect((await engine.eventOf('job-failed', 'lost')).error.code).toBe('MODEL_NOT_FOUND');
  await engine.eventOf('model-not-loaded');
  expect((await engine.eventOf('job-done', 'jfk')).result.text).toBe(jfkText);
});

test('a model that cannot be loaded, is deleted or makes way for another in the middle of jobs keeps none of them waiting', async () => {
  const otherModel = join(temporaryFolder, 'other');
  await cp(embeddedModelFolder, otherModel, { recursive: true });
  const add = (jobId: string, modelFolder: string, audioPath = jfk) =>
    engine.send({ type: 'transcribe', jobId, audioPath, modelFolder, options: {}, priority: 'bulk' });
  start();
  add('long', embeddedModelFolder, longRecording);
  add('long too', embeddedModelFolder, pathOf('test/fixtures/audio/librispeech-1688-joined.flac'));
  await engine.eventOf('segments-decoded', 'long');
  add('lost', '/nowhere');
  add('beside it', embeddedModelFolder);
  expect((await engine.eventOf('job-failed', 'lost')).error.code).toBe('MODEL_NOT_FOUND');
  expect((await engine.eventOf('job-done', 'beside it')).result.text).toBe(jfkText);

  add('other', otherModel);
  await engine.eventOf('audio-opened', 'other');
  await rm(otherModel, { recursive: true });
  add('back', embeddedModelFolder);
  expect((await engine.eventOf('job-done', 'other')).result.text).toBe(jfkText);
  expect((await engine.eventOf('job-done', 'back')).result.text).toBe(jfkText);
  // It is in memory still.
  add('deleted', otherModel);
  expect((await engine.eventOf('job-done', 'deleted')).result.text).toBe(jfkText);
  engine.send({ type: 'unload', unloadId: 'other', modelFolder: otherModel });
  expect(await engine.eventOf('unload-done')).toMatchObject({ unloadId: 'other', isClosed: true });
  add('deleted', otherModel);
  expect((await engine.eventOf('job-failed', 'deleted')).error.code).toBe('MODEL_NOT_FOUND');

  const [first, second] = await Promise.all(['long', 'long too'].map((jobId) => engine.eventOf('job-done', jobId)));
  expect(first?.result.text.length).toBeGreaterThan(1000);
  expect(second?.result.text).toMatch(/iron.*work ?house/s);
});

test('a cancelled job ends in the middle of its decoding, and the engine goes on', async () => {
  start();
  transcribe('long', longRecording);
  await engine.eventOf('segments-decoded', 'long');
  engine.send({ type: 'cancel', jobId: 'long' });
  transcribe('jfk', jfk);
  expect((await engine.eventOf('job-failed', 'long')).error.code).toBe('CANCELLED');
  expect((await engine.eventOf('job-done', 'jfk')).result.text).toBe(jfkText);
});

test('options of a job reach its decoding', async () => {
  start();
  transcribe('jfk', jfk, { language: 'english', withoutTimestamps: true });
  const { result } = await engine.eventOf('job-done', 'jfk');
  expect(result).toMatchObject({ language: 'en', language_probabilities: null });
  expect(result.segments).toHaveLength(1);
});

test.each([
  ['that is asked to shut down', () => engine.send({ type: 'shut-down' }), 0],
  ['whose server process is gone', () => engine.child.disconnect(), 0],
  ['that gets SIGTERM', () => engine.child.kill('SIGTERM'), 143],
])('an engine %s in the middle of a job ends cleanly', async (_, ask, exitCode) => {
  start();
  transcribe('long', longRecording);
  await engine.eventOf('segments-decoded', 'long');
  ask();
  expect(await engine.ended).toBe(exitCode);
});
