import { existsSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../../daemon/src/errors/hearth-error.ts';
import type { ModelList, PullEvent } from '../../../../../daemon/src/protocol/models.ts';
import type { ResidentModel } from '../../../../../daemon/src/protocol/residency.ts';
import { createModelStore } from '../../../../../daemon/src/server/models/model-store.ts';
import { recommendedModelName } from '../../../../../daemon/src/settings/default-model.ts';
import { readSettings } from '../../../../../daemon/src/settings/read-settings.ts';
import { startStandInHub } from '../../../../stand-ins/hub.ts';
import { type Served, type ServeRequest, serveStandIn } from '../serve-stand-in.ts';

let served: Served;

afterEach(() => served.close());

async function serve(request: ServeRequest = {}): Promise<void> {
  served = await serveStandIn(request);
}

function post(path: string, body: unknown = {}) {
  return served.ask({ path, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

test('models are listed with where they are from, also for the clients of OpenAI', async () => {
  await serve();
  const { models, data } = (await served.ask({ path: '/v1/models' })).json<{ models: object[]; data: object[] }>();
  expect(models).toMatchObject([{ name: 'whisper-base-4bit', source: 'embedded', isResident: false }]);
  expect(data).toMatchObject([{ id: 'whisper-base-4bit', object: 'model' }]);
});

test('a body of another kind is refused with the kinds that it can be', async () => {
  await serve();
  const { status, json } = await post('/v1/warm', 1);
  expect(status).toBe(400);
  expect(json<{ error: { message: string } }>().error.message).toBe(
    'Expected the body to be one of object, null, got 1.',
  );
});

test('models worth having are listed on request, with the best for this machine', async () => {
  await serve({ engine: { models: [{ device: 'gpu' } as ResidentModel] } });
  const { available, recommended } = (await served.ask({ path: '/v1/models?available=true' })).json<ModelList>();
  expect(available?.[0]).toMatchObject({ name: 'whisper-base-4bit', isHere: true, translates: true });
  expect(available?.find(({ name }) => name === recommendedModelName)).toMatchObject({
    ...{ model: 'large-v3-turbo', weights: '4-bit', translates: false, isHere: false },
    accuracy: { wordErrorRate: 2.01, source: expect.stringMatching(/^https:/) },
  });
  expect(recommended?.map(({ purpose }) => purpose)).toEqual(['everyday', 'accuracy', 'translation', 'english']);
  expect((await served.ask({ path: '/v1/models' })).json<ModelList>().available).toBeUndefined();
});

test('earlier revisions are deleted on request, except what the engine or a job uses', async () => {
  const asked: boolean[] = [];
  await serve({
    engine: { models: [{ folder: '/models/resident', isInUse: true } as ResidentModel] },
    models: {
      prune: async (isInUse) => {
        for (const name of ['resident', 'base', 'other']) asked.push(await isInUse(`/models/${name}`));
        return [{ name: 'owner/tiny', revisions: ['c0ffee'], byteCount: 5 }];
      },
    },
  });
  const job = served.ask({ path: '/v1/transcriptions', body: 'sound' });
  const run = await served.nextRun();
  const answer = await served.ask({ method: 'POST', path: '/v1/models/prune' });
  expect(answer.json()).toEqual({ pruned: [{ name: 'owner/tiny', revisions: ['c0ffee'], byteCount: 5 }] });
  expect(asked).toEqual([true, true, false]);
  run.finish('text');
  await job;
});

test('a model is loaded by its name, and let go of', async () => {
  await serve();
  expect((await post('/v1/models/load', { model: 'base' })).json()).toMatchObject({ name: 'base', device: 'cpu' });
  expect((await post('/v1/models/load', { model: 'none' })).errorCode).toBe('MODEL_NOT_FOUND');
  expect((await served.ask({ method: 'POST', path: '/v1/models/unload' })).json()).toEqual({ status: 'ready' });
});

test('a pull tells how it goes, line by line, and its model can be deleted', async () => {
  const hub = await startStandInHub({ 'config.json': Buffer.from('{}'), 'model.safetensors': Buffer.alloc(5000) });
  await serve();
  const settings = { ...readSettings('/nowhere', {}), hubEndpoint: hub.endpoint, minFreeDiskBytes: 0 };
  const models = createModelStore({ modelsFolder: join(served.home, 'models'), settings: () => settings });
  await served.close();
  await serve({ models });
  const pulled = await post('/v1/models/pull', { repository: 'owner/tiny' });
  const events = pulled.text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as PullEvent);
  expect(events.at(-2)).toEqual({ type: 'pull-progress', receivedBytes: 5002, totalBytes: 5002 });
  expect(events.at(-1)).toMatchObject({ type: 'pull-done', name: 'owner/tiny' });
  const deleted = await served.ask({ method: 'DELETE', path: '/v1/models/owner%2Ftiny' });
  expect([deleted.status, deleted.text]).toEqual([204, '']);
  expect((await served.ask({ method: 'DELETE', path: '/v1/models/owner%2Ftiny' })).errorCode).toBe('MODEL_NOT_FOUND');
  await hub.close();
});

test('a pull that fails says so in its last line', async () => {
  await serve({
    models: { pull: () => Promise.reject(new HearthError('HUB_UNREACHABLE', 'Expected the Hub, got none.')) },
  });
  const pulled = await post('/v1/models/pull', { repository: 'owner/tiny' });
  expect(pulled.json()).toMatchObject({ type: 'pull-failed', error: { code: 'HUB_UNREACHABLE' } });
});

test('a client that goes away ends its pull', async () => {
  const ended = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  await serve({
    models: {
      pull: ({ signal }) => {
        begun.resolve();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            ended.resolve();
            reject(new HearthError('CANCELLED', 'cancelled'));
          });
        });
      },
    },
  });
  const asked = post('/v1/models/pull', { repository: 'owner/tiny' });
  asked.catch(() => undefined);
  await begun.promise;
  served.server.server.closeAllConnections();
  await ended.promise;
});

test('a folder in a repository may have any name, and be written as in a shell', async () => {
  const asked: (string | undefined)[] = [];
  const config = Buffer.from('{"n_mels": 80}');
  const hub = await startStandInHub({
    ...{ 'for phones/ü/config.json': config, 'for phones/ü/model.safetensors': Buffer.alloc(500, 1) },
    ...{ 'a/config.json': config, 'a/model.safetensors': Buffer.alloc(500, 2) },
  });
  await serve();
  const settings = { ...readSettings('/nowhere', {}), hubEndpoint: hub.endpoint, minFreeDiskBytes: 0 };
  const models = createModelStore({ modelsFolder: join(served.home, 'models'), settings: () => settings });
  await served.close();
  await serve({ models });
  for (const folder of ['for phones/ü', './a/', '/a']) {
    const pulled = await post('/v1/models/pull', { repository: 'owner/tiny', folder });
    asked.push((JSON.parse(pulled.text.trim().split('\n').at(-1) ?? '') as PullEvent).type);
  }
  expect(asked).toEqual(['pull-done', 'pull-done', 'pull-done']);
  expect((await post('/v1/models/pull', { repository: 'owner/tiny', folder: '../a' })).text).toContain('got ../a');
  await hub.close();
});

test.each(['../../etc', 'owner', 'owner/../x', 'a/b/c', '-/-x y', '/etc/passwd'])(
  '%j is no repository',
  async (name) => {
    await serve();
    const answer = await post('/v1/models/pull', { repository: name });
    expect([answer.status, answer.text.includes('/absolute/path')]).toEqual([400, false]);
  },
);

test('only models of the own folder are deleted', async () => {
  await serve();
  const models = createModelStore({
    modelsFolder: join(served.home, 'models'),
    settings: () => readSettings('/nowhere', {}),
  });
  await expect(models.delete('whisper-base-4bit')).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  const elsewhere = join(served.home, 'elsewhere');
  const own = join(served.home, 'models', 'own');
  for (const folder of [elsewhere, own]) {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'config.json'), '{}');
  }
  await expect(models.delete(elsewhere)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  await models.delete('own');
  await expect(models.find('own')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  // Nor is the cache a model, whatever somebody unpacked into it.
  const hub = join(served.home, 'models', 'hub');
  await mkdir(hub, { recursive: true });
  await writeFile(join(hub, 'config.json'), '{}');
  expect((await models.list()).map(({ name }) => name)).not.toContain('hub');
  await expect(models.delete('hub')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  await symlink(hub, join(served.home, 'models', 'other name'));
  for (const path of [hub, join(served.home, 'models', 'other name')]) {
    await expect(models.delete(path)).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  }
  // One that was pulled goes as a whole, also when it is named by its path.
  const pulled = join(served.home, 'models', 'hub', 'models--owner--tiny');
  const snapshot = join(pulled, 'snapshots', 'c0ffee');
  await mkdir(snapshot, { recursive: true });
  await writeFile(join(snapshot, 'config.json'), '{}');
  await models.delete(snapshot);
  expect(existsSync(pulled)).toBe(false);
});

test('a model in memory, or being loaded, is not deleted', async () => {
  const resident = { name: 'base', folder: '/models/base' } as ResidentModel;
  await serve({ engine: { models: [{ ...resident, folder: '/models/other' }, resident] } });
  const refused = await served.ask({ method: 'DELETE', path: '/v1/models/base' });
  expect(refused.json()).toMatchObject({
    error: { code: 'MODEL_BUSY', hint: 'Unload it first: `hearth models unload base`.' },
  });
  await served.close();
  await serve({ engine: { loading: { modelFolder: '/models/base', progress: 0.5 } } });
  expect((await served.ask({ method: 'DELETE', path: '/v1/models/base' })).errorCode).toBe('MODEL_BUSY');
});

test('a model that jobs wait for or run with is not deleted under them', async () => {
  const deleted: string[] = [];
  await serve({ models: { delete: async (name) => void deleted.push(name) } });
  // Either may come first.
  const both = [1, 2].map(() => served.ask({ path: '/v1/transcriptions', body: 'sound' }));
  const first = await served.nextRun();
  const refused = await served.ask({ method: 'DELETE', path: '/v1/models/base' });
  expect([refused.status, refused.errorCode]).toEqual([409, 'MODEL_BUSY']);
  first.finish('one');
  (await served.nextRun()).finish('two');
  await Promise.all(both);
  while ((await served.ask({ method: 'DELETE', path: '/v1/models/base' })).status !== 204);
  expect(deleted).toEqual(['base']);
});
