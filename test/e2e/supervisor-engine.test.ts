import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createNative } from '@hearth/native';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import type { EngineEvent, EngineTask } from '../../daemon/src/protocol/engine-messages.ts';
import { createSupervisor } from '../../daemon/src/server/supervisor/create-supervisor.ts';
import type { EngineSettings, Supervisor } from '../../daemon/src/server/supervisor/supervisor.ts';

const modelFolder = pathOf('assets/models/whisper-base-4bit');
const jfk = pathOf('assets/samples/jfk.flac');
const longRecording = pathOf('test/fixtures/audio/LJ001-long.mp3');

const settings: EngineSettings = {
  modelFolder,
  threads: null,
  preset: 'auto',
  draftFolder: null,
  arithmetic: 'exact',
  keepAliveMs: null,
  memoryBudgetBytes: null,
  keptFolders: [],
  minFreeDiskBytes: 0,
};

let temporaryFolder: string;
let supervisor: Supervisor;

beforeEach(async () => {
  temporaryFolder = await mkdtemp(join(tmpdir(), 'hearth-supervisor-'));
  supervisor = createSupervisor({
    engineModule: pathOf('daemon/dist/engine/main.js'),
    ...settings,
    temporaryFolder,
    choicesFile: join(temporaryFolder, 'choices.json'),
    log: pino({ level: 'silent' }),
  });
});

afterEach(async () => {
  await supervisor.stop();
  await rm(temporaryFolder, { recursive: true });
});

function pathOf(pathInRepository: string): string {
  return fileURLToPath(new URL(`../../${pathInRepository}`, import.meta.url));
}

function task(jobId: string, audioPath: string): EngineTask {
  return { jobId, audioPath, modelFolder, options: {}, priority: 'interactive' };
}

/** Starts a long job; `decoding` resolves when its first window is done and the second is on its way. */
function runLongJob(): { result: Promise<unknown>; decoding: Promise<void> } {
  let isDecoding: () => void;
  const decoding = new Promise<void>((resolve) => {
    isDecoding = resolve;
  });
  const onEvent = (event: EngineEvent) => event.type === 'segments-decoded' && isDecoding();
  const result = supervisor.run(task('long', longRecording), onEvent);
  result.catch(() => undefined);
  return { result, decoding };
}

test('an engine killed in the middle of a decode fails its job with the reason, and the next job runs on a new engine', async () => {
  const { result, decoding } = runLongJob();
  await decoding;
  const processId = supervisor.state().processId as number;
  process.kill(processId, 'SIGKILL');
  await expect(result).rejects.toMatchObject({ code: 'ENGINE_CRASHED', message: expect.stringContaining('SIGKILL') });

  const { text } = await supervisor.run(task('jfk', jfk), () => undefined);
  expect(text).toContain('ask not what your country can do for you');
  expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 1, lastError: null });
  expect(supervisor.state().processId).not.toBe(processId);
});

test('a job is cancelled in the middle of its decoding without a restart', async () => {
  const { result, decoding } = runLongJob();
  await decoding;
  supervisor.cancel('long');
  await expect(result).rejects.toMatchObject({ code: 'CANCELLED' });
  await supervisor.run(task('jfk', jfk), () => undefined);
  expect(supervisor.state()).toMatchObject({ status: 'ready', restarts: 0 });
});

test('stopping in the middle of a decode leaves no process and no file behind', async () => {
  const { result, decoding } = runLongJob();
  await decoding;
  const processId = supervisor.state().processId as number;
  await supervisor.stop();
  await expect(result).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  expect(() => process.kill(processId, 0)).toThrow('ESRCH');
  expect(await readdir(temporaryFolder)).toEqual([]);
});

test('the engine tells its model and its memory', async () => {
  await supervisor.run(task('jfk', jfk), () => undefined);
  const { model, memory } = supervisor.state();
  expect(model).toMatchObject({ name: 'whisper-base-4bit', folder: modelFolder, quantizationBits: 4 });
  expect(memory?.residentBytes).toBeGreaterThan(model?.weightBytes as number);
});

test('another arithmetic in the settings comes with a new engine, which says what it uses and hears the same words', async () => {
  await supervisor.run(task('jfk', jfk), () => undefined);
  const { model, processId } = supervisor.state();
  expect(model?.arithmetic).toBe('exact');
  supervisor.configure({ ...settings, arithmetic: 'int8' });
  const { text } = await supervisor.run(task('jfk', jfk), () => undefined);
  expect(text).toContain('ask not what your country can do for you');
  expect(supervisor.state().processId).not.toBe(processId);
  expect(supervisor.state().model?.arithmetic).toBe(createNative().info().hasInt8Arithmetic ? 'int8' : 'exact');
});

test('an engine that dies of a dictionary is charged to the job that brought it, and to no other', async () => {
  await supervisor.run(task('before', jfk), () => undefined);
  // What no list may hold, so that the engine ends while it prepares it.
  const dictionary = [{ word: 'Tilney', soundsLike: [null] }] as unknown as NonNullable<EngineTask['dictionary']>;
  const charged = supervisor.run({ ...task('with-dictionary', jfk), dictionary }, () => undefined);
  const other = supervisor.run({ ...task('other', jfk), priority: 'bulk' }, () => undefined);
  const outcomes = await Promise.allSettled([charged, other]);
  expect(outcomes).toMatchObject([
    { reason: { code: 'ENGINE_CRASHED', blame: 'alone' } },
    { reason: { code: 'ENGINE_CRASHED', blame: 'none' } },
  ]);
});
