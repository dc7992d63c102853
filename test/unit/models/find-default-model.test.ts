import { expect, test } from '@jest/globals';
import { findDefaultModel } from '../../../daemon/src/models/find-default-model.ts';
import { embeddedModelName, recommendedModelName } from '../../../daemon/src/settings/default-model.ts';

const downloadedModelsFolder = '/nowhere/models';

test('the embedded model stands in for a repository that is not here yet', async () => {
  const found = await findDefaultModel({ name: recommendedModelName, downloadedModelsFolder });
  expect(found.name).toBe(embeddedModelName);
});

test.each([['whisper-bas'], ['/nowhere/model']])('nothing stands in for %s, which nobody can pull', async (name) => {
  await expect(findDefaultModel({ name, downloadedModelsFolder })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});
