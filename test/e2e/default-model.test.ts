import { createReadStream } from 'node:fs';
import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from '@jest/globals';
import { readHealth, readResidency } from '../../daemon/src/client/health.ts';
import { listModels, pruneModels } from '../../daemon/src/client/models.ts';
import { type CatalogueEntry, readCatalogue } from '../../daemon/src/models/catalogue.ts';
import { pullModel } from '../../daemon/src/models/pull-model.ts';
import { pathOf } from '../engine/fork-engine.ts';
import { type HubFault, startStandInHub } from '../stand-ins/hub.ts';
import { makeHome, type RunningDaemon, startDaemon } from './support/start-daemon.ts';

const embedded = pathOf('assets/models/whisper-base-4bit');
const recording = pathOf('assets/samples/jfk.flac');

async function transcribe(daemon: RunningDaemon): Promise<{ readonly model: string; readonly text: string }> {
  const answer = await daemon.ask({ path: '/v1/transcriptions', body: createReadStream(recording) });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function warnings(daemon: RunningDaemon): Promise<string> {
  return (await readHealth(daemon)).warnings.join('\n');
}

test('a daemon transcribes while the model of its settings is pulled, and goes over to it', async () => {
  const names = await readdir(embedded);
  const files = await Promise.all(names.map(async (name) => [name, await readFile(join(embedded, name))] as const));
  const fault: HubFault = { stallAfterBytes: 30_000_000 };
  const hub = await startStandInHub(Object.fromEntries(files), fault);
  const environment = { HEARTH_MODEL: hub.repository, HEARTH_HUB_ENDPOINT: hub.endpoint };
  const daemon = await startDaemon({ environment });
  while (!(await warnings(daemon)).includes('30 of 42 MB')) await new Promise((resolve) => setTimeout(resolve, 20));
  const before = await transcribe(daemon);
  expect(before.model).toBe('whisper-base-4bit');
  daemon.child.kill('SIGTERM');
  expect(await daemon.exited).toBe(0);

  delete fault.stallAfterBytes;
  const next = await startDaemon({ home: daemon.home, environment });
  // In memory it is a moment before.
  while ((await defaultModel(next))?.name !== 'owner/tiny') await turn();
  expect(hub.asked.at(-1)).toMatch(/^model\.safetensors from 3\d{7}$/);
  expect(await transcribe(next)).toMatchObject({ model: 'owner/tiny', text: before.text });
  expect(await warnings(next)).toBe('');
  expect(await next.stop()).toBe(0);
  await hub.close();
});

test('a daemon with an earlier revision pulls the pinned one, tells it, and lets go of the earlier one', async () => {
  const entry = readCatalogue().entries.find(
    ({ revision, weightsSha256 }) => revision !== null && weightsSha256 === null,
  );
  const { name: repository, revision: pin } = entry as CatalogueEntry & { readonly revision: string };
  const names = await readdir(embedded);
  const files = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(embedded, name))] as const)),
  );
  const home = await makeHome();
  const hubFolder = join(home, 'models', 'hub');
  const folder = join(hubFolder, `models--${repository.replace('/', '--')}`);
  const earlier = 'a'.repeat(40);
  const before = await startStandInHub(files, {}, { repository, commit: earlier });
  await pullModel({
    ...{ endpoint: before.endpoint, repository, revision: 'main', hubFolder, minFreeDiskBytes: 0 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
  });
  await before.close();
  // As it was called while it was the pin.
  await rename(join(folder, 'refs', 'main'), join(folder, 'refs', earlier));
  const fault: HubFault = { stallAfterBytes: 100 };
  // Other bytes, or nothing of it would be new.
  const config = JSON.stringify({ ...JSON.parse(String(files['config.json'])), note: 'new' });
  const content = { ...files, 'config.json': Buffer.from(config) };
  const hub = await startStandInHub(content, fault, { repository, commit: pin });

  const daemon = await startDaemon({
    home,
    environment: { HEARTH_MODEL: repository, HEARTH_HUB_ENDPOINT: hub.endpoint },
  });
  const folders = async () => (await readResidency(daemon)).models.map((model) => basename(model.folder));
  while (!(await warnings(daemon)).includes(`The new revision of ${repository}`)) await turn();
  expect((await transcribe(daemon)).model).toBe(repository);
  expect(await folders()).toEqual([earlier]);
  delete fault.stallAfterBytes;
  // As a person who does not wait for the next attempt.
  daemon.child.kill('SIGTERM');
  await daemon.exited;

  const next = await startDaemon({
    home,
    environment: { HEARTH_MODEL: repository, HEARTH_HUB_ENDPOINT: hub.endpoint },
  });
  const resident = async () => (await readResidency(next)).models.map((model) => basename(model.folder));
  while ((await defaultModel(next))?.revision !== pin || !isDeepStrictEqual(await resident(), [pin])) await turn();
  while (!(await warnings(next)).includes('`hearth models prune` deletes them')) await turn();
  expect((await transcribe(next)).model).toBe(repository);
  expect(await pruneModels(next)).toMatchObject([{ name: repository, revisions: [earlier] }]);
  expect(await readdir(join(folder, 'snapshots'))).toEqual([pin]);
  expect(await warnings(next)).toBe('');
  expect((await transcribe(next)).model).toBe(repository);
  await next.stop();
  await hub.close();
});

async function defaultModel(daemon: RunningDaemon) {
  return (await listModels(daemon)).find(({ isDefault }) => isDefault);
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}
