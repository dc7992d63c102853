import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import { findModel } from '../../../../daemon/src/models/find-model.ts';
import type { LoadedModel, ResidentModel } from '../../../../daemon/src/protocol/residency.ts';
import { createDefaultModel, type DefaultModel } from '../../../../daemon/src/server/models/default-model.ts';
import { stoppedEngine } from '../../../../daemon/src/server/supervisor/engine-state.ts';

let folder: string;
let model: DefaultModel;
/** The folder of the model that the engine has. */
let resident: string | null;
/** How a load of each folder fails. */
let faults: Map<string, HearthError>;

const folderOf = (name: string) => join(folder, name);

async function addModel(name: string): Promise<void> {
  await mkdir(folderOf(name));
  await writeFile(join(folderOf(name), 'config.json'), '{}');
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-default-'));
  for (const name of ['first', 'second']) await addModel(name);
  resident = folderOf('first');
  faults = new Map();
  model = createDefaultModel({
    first: { name: 'first', folder: folderOf('first') },
    find: (name) => findModel({ name, downloadedModelsFolder: folder }),
    supervisor: {
      state: () => ({ ...stoppedEngine, models: resident === null ? [] : [{ folder: resident } as ResidentModel] }),
      async load(path) {
        const fault = faults.get(path);
        if (fault !== undefined) throw fault;
        resident = path;
        return {} as LoadedModel;
      },
    },
  });
});

afterEach(() => rm(folder, { recursive: true }));

test('another model is the default once it is loaded', async () => {
  await model.change('second');
  expect([model.current().name, resident]).toEqual(['second', folderOf('second')]);
  expect(await model.problem()).toBeNull();
});

test.each([
  ['is not there', 'third', 'MODEL_NOT_FOUND'],
  ['cannot be loaded', 'second', 'MODEL_INVALID'],
])(
  'a model that %s leaves the old one in use, which is a problem until the settings are right',
  async (_, name, code) => {
    faults.set(folderOf('second'), new HearthError('MODEL_INVALID', 'Expected weights.'));
    await expect(model.change(name)).rejects.toMatchObject({ code });
    expect((await model.use(name)).name).toBe('first');
    expect(await model.problem()).toMatchObject({ code });
    await model.change('first');
    expect(await model.problem()).toBeNull();
  },
);

test('an engine that cannot run does not keep a model from being the default', async () => {
  faults.set(folderOf('second'), new HearthError('ENGINE_UNAVAILABLE', 'No engine.'));
  await model.change('second');
  expect(model.current().name).toBe('second');
});

test('a model whose folder is removed goes on while it is loaded, which is a problem', async () => {
  await rm(folderOf('first'), { recursive: true });
  expect((await model.use('first')).name).toBe('first');
  expect(await model.problem()).toMatchObject({ code: 'MODEL_NOT_FOUND', message: expect.stringContaining('first') });
});

test('a model that is neither on disk nor loaded makes way for what the settings name, once that is there', async () => {
  await rm(folderOf('first'), { recursive: true });
  resident = null;
  await expect(model.use('first')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  expect((await model.use('second')).name).toBe('second');
  expect(await model.problem()).toBeNull();
});
