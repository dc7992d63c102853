import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Value } from 'typebox/value';
import { type Catalogue, catalogueFile, readCatalogue } from '../../../daemon/src/models/catalogue.ts';
import { CatalogueSchema } from '../../../daemon/src/models/catalogue-schema.ts';
import { abilitiesOf } from '../../../daemon/src/models/model-abilities.ts';
import { isRepository } from '../../../daemon/src/protocol/repository-name.ts';
import { embeddedModelName, recommendedModelName } from '../../../daemon/src/settings/default-model.ts';

const { entries, recommended } = readCatalogue();

test('the file has the shape of its schema, and no fact under a name that the schema lacks', async () => {
  const file: unknown = JSON.parse(await readFile(catalogueFile, 'utf8'));
  expect(Value.Errors(CatalogueSchema, file)).toEqual([]);
});

test('every copy is of a model that the file describes, and is in it once', () => {
  expect(entries.filter(({ facts }) => facts === undefined)).toEqual([]);
  expect(new Set(entries.map(({ name }) => name)).size).toBe(entries.length);
  const isPinned = ({ name, revision }: Catalogue['entries'][number]) => isRepository(name) === (revision !== null);
  expect(entries.filter((entry) => !isPinned(entry))).toEqual([]);
});

test('the model that every Mac downloads is pinned by commit and hash', () => {
  const entry = entries.find(({ name }) => name === recommendedModelName);
  expect(entry).toMatchObject({ revision: expect.any(String), weightsSha256: expect.any(String) });
});

test('what is recommended is in the file, and ends with a model for the smallest machine', () => {
  const known = entries.map(({ name }) => name);
  const names = [recommended.gpu, recommended.cpu].flatMap((purposes) => Object.values(purposes).flat());
  expect(names.filter((name) => !known.includes(name))).toEqual([]);
  expect([recommended.gpu.everyday.at(-1), recommended.cpu.everyday.at(-1)]).toEqual([
    embeddedModelName,
    embeddedModelName,
  ]);
});

test('what the file says of a model is what its sizes and its name tell', () => {
  const differing = entries.filter(({ name, facts }) => {
    const { languages, translates } = abilitiesOf(name, facts.dimensions);
    return translates !== facts.translates || (languages.length === 1) !== (facts.speaks === 'english');
  });
  expect(differing).toEqual([]);
});
