import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import { type CatalogueEntry, findInCatalogue } from '../../../../daemon/src/models/catalogue.ts';
import { createModelStore, type ModelStore } from '../../../../daemon/src/server/models/model-store.ts';
import {
  createDefaultModelPull,
  type DefaultModelPull,
} from '../../../../daemon/src/server/models/pull-default-model.ts';
import { embeddedModelName, recommendedModelName } from '../../../../daemon/src/settings/default-model.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';
import { type HubFault, type StandInHub, startStandInHub } from '../../../stand-ins/hub.ts';

let home: string;
let hub: StandInHub;
let fault: HubFault;
let settings: ReturnType<typeof readSettings>;
let models: ModelStore;
let pull: DefaultModelPull;
let arrivals: string[];
let arrived: Promise<void>;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'hearth-default-'));
  fault = {};
  hub = await startStandInHub({ 'config.json': Buffer.from('{}'), 'model.safetensors': Buffer.alloc(900_000) }, fault);
  settings = {
    ...readSettings('/nowhere', {}),
    ...{ model: 'owner/tiny', hubEndpoint: hub.endpoint, minFreeDiskBytes: 0 },
  };
  models = createModelStore({ modelsFolder: home, settings: () => settings });
  arrivals = [];
  arrived = new Promise((resolve) => {
    pull = createDefaultModelPull({
      ...{ models, log: pino({ level: 'silent' }) },
      model: () => settings.model,
      onArrival: async () => {
        arrivals.push((await models.find()).name);
        resolve();
      },
      retry: { firstMs: 1, longestMs: 5 },
    });
  });
});

afterEach(async () => {
  await pull.stop();
  await hub.close();
  await rm(home, { recursive: true });
});

async function untilWarned(pattern: RegExp): Promise<void> {
  while (!pull.warnings().some((warning) => pattern.test(warning))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('the embedded model answers until the one of the settings is here', async () => {
  fault.stallAfterBytes = 500_000;
  expect((await models.find()).name).toBe(embeddedModelName);
  pull.restart();
  await untilWarned(/owner\/tiny is being pulled, 1 of 1 MB\. Hearth uses whisper-base-4bit until it is downloaded\./);
  expect((await models.find()).name).toBe(embeddedModelName);

  delete fault.stallAfterBytes;
  // As when the settings have changed: the pull goes on where it stopped.
  pull.restart();
  await arrived;
  expect(arrivals).toEqual(['owner/tiny']);
  expect(pull.warnings()).toEqual([]);
  expect(hub.asked.at(-1)).toMatch(/^model\.safetensors from \d{5,}$/);
});

test('a Hub that cannot be reached is asked again until it answers', async () => {
  fault.status = 503;
  pull.restart();
  await untilWarned(/could not be pulled: Expected an answer from 127\.0\.0\.1:\d+, got status 503\./);
  delete fault.status;
  await arrived;
  expect(pull.warnings()).toEqual([]);
});

test('a repository that does not exist is told and not asked for again', async () => {
  settings = { ...settings, model: 'owner/tinny' };
  pull.restart();
  await untilWarned(/owner\/tinny could not be pulled: Expected the model owner\/tinny/);
  settings = { ...settings, model: 'owner/tiny' };
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(arrivals).toEqual([]);
  pull.restart();
  await arrived;
});

test('a model whose pin has changed is pulled again, and said to be, while the one that is here is used', async () => {
  const entry = findInCatalogue(recommendedModelName) as CatalogueEntry;
  Object.assign(entry, { revision: 'a'.repeat(40), weightsSha256: null });
  const weights = { 'config.json': Buffer.from('{}'), 'model.safetensors': Buffer.alloc(900_000) };
  const earlier = await startStandInHub(weights, {}, { repository: entry.name, commit: 'a'.repeat(40) });
  settings = { ...settings, model: entry.name, hubEndpoint: earlier.endpoint };
  pull.restart();
  await arrived;
  await earlier.close();

  // The one edit of the catalogue.
  Object.assign(entry, { revision: 'b'.repeat(40) });
  fault.stallAfterBytes = 500_000;
  const changed = { ...weights, 'model.safetensors': Buffer.alloc(900_000, 1) };
  const later = await startStandInHub(changed, fault, { repository: entry.name, commit: 'b'.repeat(40) });
  settings = { ...settings, hubEndpoint: later.endpoint };
  expect(await models.pullNeeded(entry.name)).toBe('outdated');
  pull.restart();
  await untilWarned(
    /^The new revision of .* is being pulled, 1 of 1 MB\. Hearth uses the one that is here until then\.$/,
  );
  expect((await models.find()).folder).toMatch(/a{40}$/);
  delete fault.stallAfterBytes;
  pull.restart();
  while (arrivals.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  expect((await models.find()).folder).toMatch(/b{40}$/);
  expect(await models.pullNeeded(entry.name)).toBeNull();
  expect(models.warnings()).toEqual([
    `Earlier revisions of ${entry.name} take up disk space. \`hearth models prune\` deletes them.`,
  ]);
  expect(await models.prune(async () => false)).toMatchObject([{ name: entry.name, byteCount: 900_000 }]);
  expect(models.warnings()).toEqual([]);
  await later.close();
});

test.each([[embeddedModelName], ['/some/folder']])('nothing is pulled for %s', async (model) => {
  settings = { ...settings, model };
  pull.restart();
  await pull.stop();
  expect([pull.warnings(), hub.asked]).toEqual([[], []]);
});

test('nothing is pulled that is here already', async () => {
  await models.pull({ repository: 'owner/tiny', signal: new AbortController().signal, onProgress: () => undefined });
  const asked = hub.asked.length;
  pull.restart();
  await pull.stop();
  expect([hub.asked.length, arrivals]).toEqual([asked, []]);
});

test('a stop ends the pull, and what came is kept for the next one', async () => {
  fault.stallAfterBytes = 500_000;
  pull.restart();
  await untilWarned(/being pulled, 1 of 1 MB/);
  await pull.stop();
  expect((await models.find()).name).toBe(embeddedModelName);
  const blobs = join(home, 'hub', 'models--owner--tiny', 'blobs');
  const kept = (await readdir(blobs)).find((name) => name.endsWith('.incomplete')) as string;
  expect((await stat(join(blobs, kept))).size).toBeGreaterThan(400_000);
});
