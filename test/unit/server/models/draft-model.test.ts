import { expect, test } from '@jest/globals';
import { HearthError } from '../../../../daemon/src/errors/hearth-error.ts';
import type { LoadedModel } from '../../../../daemon/src/protocol/residency.ts';
import { createDraftModel } from '../../../../daemon/src/server/models/draft-model.ts';

const large = { name: 'large', draft: null } as LoadedModel;
const drafted = { ...large, draft: { name: 'small', folder: '/models/small', weightBytes: 1 } };

async function find(name: string) {
  if (name === 'gone') throw new HearthError('MODEL_NOT_FOUND', 'Expected the name of a model, got gone.');
  return { name, folder: `/models/${name}` };
}

test('no draft model is named, and none is in use', async () => {
  const draft = await createDraftModel('', find);
  expect([draft.folder(), draft.warning(large)]).toEqual([null, null]);
});

test('the draft model of the settings is found, and another one when they change', async () => {
  const draft = await createDraftModel('small', find);
  expect([draft.folder(), draft.warning(drafted), draft.warning(null)]).toEqual(['/models/small', null, null]);
  (await draft.prepare('other'))();
  expect(draft.folder()).toBe('/models/other');
  (await draft.prepare(''))();
  expect(draft.folder()).toBeNull();
});

test('a draft model that is missing at the start is a warning, until there is one', async () => {
  const draft = await createDraftModel('gone', find);
  expect(draft.folder()).toBeNull();
  expect(draft.warning(large)).toBe(
    'Hearth works without the draft model gone. Expected the name of a model, got gone.',
  );
  (await draft.prepare('small'))();
  expect(draft.warning(drafted)).toBeNull();
});

test('changed settings with a missing draft model are refused, and the old one is kept', async () => {
  const draft = await createDraftModel('small', find);
  await expect(draft.prepare('gone')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  expect([draft.folder(), draft.warning(drafted)]).toEqual(['/models/small', null]);
});

test('a draft model that gains nothing is told of', async () => {
  const draft = await createDraftModel('small', find);
  expect(draft.warning(large)).toBe(
    'The setting draftModel has no effect with large: the decoder of small is no smaller.',
  );
});
