import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import pino from 'pino';
import {
  bringDefaultModel,
  type DefaultModelBringer,
} from '../../../../daemon/src/server/models/bring-default-model.ts';
import { createModelStore, type ModelStore } from '../../../../daemon/src/server/models/model-store.ts';
import { embeddedModelName } from '../../../../daemon/src/settings/default-model.ts';
import { readSettings } from '../../../../daemon/src/settings/read-settings.ts';
import { type HubFault, type StandInHub, startStandInHub } from '../../../stand-ins/hub.ts';

let home: string;
let hub: StandInHub;
let fault: HubFault;
let settings: ReturnType<typeof readSettings>;
let models: ModelStore;
let bringer: DefaultModelBringer;
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
    bringer = bringDefaultModel({
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
  await bringer.stop();
  await hub.close();
  await rm(home, { recursive: true });
});

async function untilWarned(pattern: RegExp): Promise<void> {
  while (!bringer.warnings().some((warning) => pattern.test(warning))) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('the embedded model answers until the one of the settings is here', async () => {
  fault.stallAfterBytes = 500_000;
  expect((await models.find()).name).toBe(embeddedModelName);
  bringer.bring();
  await untilWarned(/owner\/tiny is being pulled, 1 of 1 MB\. Until it is here, whisper-base-4bit transcribes\./);
  expect((await models.find()).name).toBe(embeddedModelName);

  delete fault.stallAfterBytes;
  // As when the settings have changed: the pull goes on where it stopped.
  bringer.bring();
  await arrived;
  expect(arrivals).toEqual(['owner/tiny']);
  expect(bringer.warnings()).toEqual([]);
  expect(hub.asked.at(-1)).toMatch(/^model\.safetensors from \d{5,}$/);
});

test('a Hub that cannot be reached is asked again until it answers', async () => {
  fault.status = 503;
  bringer.bring();
  await untilWarned(/could not be pulled: 127\.0\.0\.1:\d+ gave an unexpected answer: status 503\./);
  delete fault.status;
  await arrived;
  expect(bringer.warnings()).toEqual([]);
});

test('a repository that does not exist is told and not asked for again', async () => {
  settings = { ...settings, model: 'owner/tinny' };
  bringer.bring();
  await untilWarned(/owner\/tinny could not be pulled: Expected the model owner\/tinny/);
  settings = { ...settings, model: 'owner/tiny' };
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(arrivals).toEqual([]);
  bringer.bring();
  await arrived;
});

test.each([[embeddedModelName], ['/some/folder']])('nothing is pulled for %s', async (model) => {
  settings = { ...settings, model };
  bringer.bring();
  await bringer.stop();
  expect([bringer.warnings(), hub.asked]).toEqual([[], []]);
});

test('nothing is pulled that is here already', async () => {
  await models.pull({ repository: 'owner/tiny', signal: new AbortController().signal, onProgress: () => undefined });
  const asked = hub.asked.length;
  bringer.bring();
  await bringer.stop();
  expect([hub.asked.length, arrivals]).toEqual([asked, []]);
});

test('a stop ends the pull, and what came is kept for the next one', async () => {
  fault.stallAfterBytes = 500_000;
  bringer.bring();
  await untilWarned(/being pulled, 1 of 1 MB/);
  await bringer.stop();
  expect((await models.find()).name).toBe(embeddedModelName);
  const blobs = join(home, 'hub', 'models--owner--tiny', 'blobs');
  const kept = (await readdir(blobs)).find((name) => name.endsWith('.incomplete')) as string;
  expect((await stat(join(blobs, kept))).size).toBeGreaterThan(400_000);
});
