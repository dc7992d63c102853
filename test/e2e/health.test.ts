import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { systemSandbox } from '../../daemon/src/converters/sandbox.ts';
import type { Health } from '../../daemon/src/protocol/health.ts';
import { embeddedModelFolder, jfk, pathOf } from '../engine/fork-engine.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

let folder: string;
let daemon: RunningDaemon;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-health-'));
});

afterEach(async () => {
  await daemon.stop();
  await rm(folder, { recursive: true });
});

async function health(): Promise<Health> {
  return readHealth(daemon);
}

async function untilHealth(isSo: (health: Health) => boolean): Promise<Health> {
  for (;;) {
    const now = await health();
    if (isSo(now)) return now;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

async function transcribe(): Promise<string | undefined> {
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(jfk) });
  return answer.status === 200 ? answer.text : answer.errorCode;
}

/** A folder that looks like a model until its weights are read. */
async function brokenModel(): Promise<string> {
  const broken = join(folder, 'broken');
  await mkdir(broken);
  await copyFile(join(embeddedModelFolder, 'config.json'), join(broken, 'config.json'));
  await writeFile(join(broken, 'model.safetensors'), 'rubbish.........');
  return broken;
}

test('settings with a model that cannot be loaded leave the old one at work, and health says so until they are right', async () => {
  // A variable goes before the file; an empty one says nothing.
  daemon = await startDaemon({ environment: { HEARTH_MODEL: '' } });
  await untilHealth(({ status }) => status === 'ok');
  const settingsFile = join(daemon.home, 'settings.json');
  await writeFile(settingsFile, JSON.stringify({ model: await brokenModel() }));
  const degraded = await untilHealth(({ status, engine }) => status === 'degraded' && engine.status === 'ready');
  expect(degraded.problems).toEqual([expect.objectContaining({ code: 'MODEL_INVALID' })]);
  expect(await transcribe()).toContain('ask not');
  await rm(settingsFile);
  await untilHealth(({ status }) => status === 'ok');
});

test('a model whose folder is removed goes on, and health, the list of models and its jobs say how it is', async () => {
  const copy = join(folder, 'copy');
  await cp(embeddedModelFolder, copy, { recursive: true });
  daemon = await startDaemon({ environment: { HEARTH_MODEL: copy } });
  await untilHealth(({ status }) => status === 'ok');
  await rm(copy, { recursive: true });
  const degraded = await health();
  expect(degraded).toMatchObject({ status: 'degraded', problems: [{ code: 'MODEL_NOT_FOUND' }] });
  expect(await transcribe()).toContain('ask not');
  expect((await daemon.ask({ path: '/v1/models' })).status).toBe(200);

  const { engine } = await readResidency(daemon);
  process.kill(engine.processId as number, 'SIGKILL');
  await untilHealth(({ engine }) => engine.status === 'failed');
  expect(await transcribe()).toBe('MODEL_NOT_FOUND');
  expect((await daemon.ask({ path: '/v1/models' })).status).toBe(200);
});

test('a converter that works only without a sandbox is told', async () => {
  const wrapper = join(folder, 'ffmpeg');
  const needed = join(folder, 'needed');
  await writeFile(needed, '');
  const sound = pathOf('test/fixtures/audio/speechbrain_spk1_snt1.wav');
  await writeFile(wrapper, `#!/bin/sh\n. ${needed} || exit 1\nexec cat ${sound}\n`, { mode: 0o755 });
  daemon = await startDaemon({ environment: { HEARTH_FFMPEG: wrapper } });
  expect((await health()).warnings).toEqual([]);
  const recording = createReadStream(pathOf('test/fixtures/audio/jfk_441khz.m4a'));
  expect((await daemon.ask({ path: '/v1/transcriptions', body: recording })).status).toBe(200);
  const told = systemSandbox().name === 'none' ? 'there is none' : `${wrapper} runs without a sandbox`;
  expect((await health()).warnings).toEqual([expect.stringContaining(told)]);
});
