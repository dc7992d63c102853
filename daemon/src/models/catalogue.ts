import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Static } from 'typebox';
import type { CatalogueSchema, CopySchema, WhisperModelSchema } from './catalogue-schema.ts';
import { assetsFolder } from './embedded-assets.ts';

type WhisperModelFacts = Static<typeof WhisperModelSchema>;

/** A copy of a Whisper model that is worth having, with what is known of the model. */
export interface CatalogueEntry extends Static<typeof CopySchema> {
  readonly facts: WhisperModelFacts;
}

export interface Catalogue {
  /** The models that are worth having, small ones first. */
  readonly entries: readonly CatalogueEntry[];
  readonly recommended: Static<typeof CatalogueSchema>['recommended'];
}

/** The file with all models; its pins are nowhere else. */
export const catalogueFile = join(assetsFolder, 'catalogue.json');

let catalogue: Catalogue | undefined;

export function readCatalogue(): Catalogue {
  if (catalogue !== undefined) return catalogue;
  const { models, copies, recommended } = JSON.parse(readFileSync(catalogueFile, 'utf8')) as Static<
    typeof CatalogueSchema
  >;
  const entries = copies.map((copy) => ({ ...copy, facts: models[copy.model] as WhisperModelFacts }));
  catalogue = { entries, recommended };
  return catalogue;
}

export function findInCatalogue(name: string): CatalogueEntry | undefined {
  return readCatalogue().entries.find((entry) => entry.name === name);
}
