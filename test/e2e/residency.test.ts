import { createReadStream } from 'node:fs';
import { appendFile, copyFile, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { transcribeLive } from '../../daemon/src/client/live.ts';
import { unloadModel } from '../../daemon/src/client/models.ts';
import type { Residency } from '../../daemon/src/protocol/residency.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { eachWindowOnce } from './support/each-window-once.ts';
import { type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const embedded = pathOf('assets/models/whisper-base-4bit');
const base = 'whisper-base-4bit';
const clip = pathOf('test/fixtures/audio/google_brooklyn.flac');

let daemon: RunningDaemon;
let folder: string;
/** The embedded model under another name. */
let other: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-residency-'));
  other = join(folder, 'other');
  await mkdir(other);
  await copyFile(join(embedded, 'config.json'), join(other, 'config.json'));
  await symlink(join(embedded, 'model.safetensors'), join(other, 'model.safetensors'));
  daemon = await startDaemon({ environment: eachWindowOnce });
});

afterAll(async () => {
  expect(await daemon.stop()).toBe(0);
  await rm(folder, { recursive: true });
});

function ask(model: string, query = '') {
  const path = `/v1/transcriptions?window=short&language=en&model=${encodeURIComponent(model)}${query}`;
  return daemon.ask({ path, body: createReadStream(clip) });
}

async function transcribe(model: string): Promise<void> {
  expect((await ask(model)).json()).toMatchObject({ text: expect.stringMatching(/Brooklyn Bridge/i) });
}

async function until(isSo: (residency: Residency) => boolean): Promise<Residency> {
  for (;;) {
    const residency = await readResidency(daemon);
    if (isSo(residency)) return residency;
  }
}

async function names(): Promise<readonly string[]> {
  return (await readResidency(daemon)).models.map(({ name }) => name);
}

/** How often each model was loaded, and what the others went for. */
async function counted(metric: 'loads' | 'closes'): Promise<Readonly<Record<string, number>>> {
  const { text } = await daemon.ask({ path: '/metrics' });
  const lines = text.matchAll(
    new RegExp(`^hearth_model_${metric}_total\\{model="(\\S+?)"(?:,reason="(\\w+)")?\\} (\\d+)`, 'gm'),
  );
  return Object.fromEntries(
    [...lines].map(([, model, reason, count]) => [[model, reason].filter(Boolean).join(' '), Number(count)]),
  );
}

async function change(settings: object, isTakenOver: (residency: Residency) => boolean): Promise<void> {
  await writeFile(join(daemon.home, 'settings.next'), JSON.stringify(settings));
  await rename(join(daemon.home, 'settings.next'), join(daemon.home, 'settings.json'));
  await until(isTakenOver);
}

/** Room for one of the models, and not for two. */
async function budgetForOne(): Promise<number> {
  const [model] = (await readResidency(daemon)).models;
  return Math.round((model?.neededBytes ?? 0) + (model?.heldBytes ?? 0) / 2);
}

test('two models that both fit are loaded once, however often jobs switch between them', async () => {
  for (const model of [base, other, base, other]) await transcribe(model);
  expect(await counted('loads')).toEqual({ [base]: 1, other: 1 });
  expect(await counted('closes')).toEqual({});
  const { models, memoryBudgetBytes, engine } = await readResidency(daemon);
  expect(models).toMatchObject([
    { name: 'other', isInUse: false, isKept: false, expiresAt: null, lastUsedAt: expect.any(String) },
    { name: base, isInUse: false, isKept: false, expiresAt: null },
  ]);
  expect(Date.parse(models[0]?.lastUsedAt ?? '')).toBeGreaterThan(Date.parse(models[1]?.lastUsedAt ?? ''));
  expect(memoryBudgetBytes).toBeGreaterThan(models[0]?.neededBytes ?? 0);
  const lines = (await ask(base, '&format=ndjson')).text.trim().split('\n');
  const events = lines.map((line) => (JSON.parse(line) as { type: string }).type);
  expect(events).toContain('job-done');
  expect(events).not.toContain('model-loading');
  expect(engine.status).toBe('ready');
});

test('a model whose files are replaced is loaded again, and goes on when they are deleted', async () => {
  await rm(join(other, 'model.safetensors'));
  await copyFile(join(embedded, 'model.safetensors'), join(other, 'model.safetensors'));
  await transcribe(other);
  expect(await counted('loads')).toEqual({ [base]: 1, other: 2 });
  expect(await counted('closes')).toEqual({ 'other replaced': 1 });
  expect(await names()).toEqual(['other', base]);
  await rename(other, `${other}-away`);
  expect((await ask(other)).errorCode).toBe('MODEL_NOT_FOUND');
  await rename(`${other}-away`, other);
  await transcribe(other);
  expect(await counted('loads')).toEqual({ [base]: 1, other: 2 });
});

test('one model is unloaded by its name, and the engine goes on with the other', async () => {
  const { engine } = await readResidency(daemon);
  await unloadModel(daemon, 'other');
  expect(await names()).toEqual([base]);
  expect((await readResidency(daemon)).engine.processId).toBe(engine.processId);
  await unloadModel(daemon, base);
  expect(await readResidency(daemon)).toMatchObject({ engine: { status: 'unloaded', processId: null }, models: [] });
  await transcribe(base);
});

test('where the budget holds one, the other goes, and one in use stays', async () => {
  const memoryBudgetBytes = await budgetForOne();
  await change({ memoryBudgetBytes }, (residency) => residency.memoryBudgetBytes === memoryBudgetBytes);
  await transcribe(other);
  expect(await names()).toEqual(['other']);
  await transcribe(base);
  expect(await counted('closes')).toMatchObject({ [`${base} memory`]: 1, 'other memory': 1 });

  const audio = new PassThrough();
  const session = transcribeLive(daemon, { audio, options: { rate: 16_000 } });
  const ended = (async () => {
    for await (const { type } of session) if (type === 'job-done') return type;
    return null;
  })();
  audio.write(Buffer.alloc(32_000));
  await until(({ models }) => models[0]?.isInUse === true);
  const refused = await ask(other);
  expect(refused.status).toBe(503);
  expect(refused.json()).toMatchObject({
    error: { code: 'MEMORY_IN_USE', message: expect.stringContaining(`${base} stays`) },
  });
  expect(await names()).toEqual([base]);
  audio.end();
  expect(await ended).toBe('job-done');
  await transcribe(other);
  expect(await names()).toEqual(['other']);
});

test('a kept model is loaded at once, stays, and is there again after the engine was killed', async () => {
  const memoryBudgetBytes = await budgetForOne();
  const isKept = ({ models }: Residency) => models.some((model) => model.name === base && model.isKept);
  await change({ keep: [base, 'nothing'] }, isKept);
  expect((await readHealth(daemon)).warnings).toEqual([
    expect.stringMatching(/^The setting keep does not hold nothing\. Expected the name of a model/),
  ]);
  await change({ keep: [base], memoryBudgetBytes }, (residency) => residency.memoryBudgetBytes === memoryBudgetBytes);
  expect(await names()).toEqual([base]);
  expect((await ask(other)).errorCode).toBe('MEMORY_IN_USE');
  await change({ keep: [base], keepAliveMinutes: 0 }, (residency) => residency.memoryBudgetBytes !== memoryBudgetBytes);
  await transcribe(other);
  expect((await until(({ models }) => models.length === 1)).models).toMatchObject([{ name: base, isKept: true }]);

  const { engine } = await readResidency(daemon);
  process.kill(engine.processId ?? 0, 'SIGKILL');
  const next = await until((residency) => residency.engine.processId !== engine.processId && isKept(residency));
  expect(next.models).toMatchObject([{ name: base, isKept: true, expiresAt: null }]);
  await appendFile(join(other, 'config.json'), '\n');
  await transcribe(other);
});
