import Type from 'typebox';
import { oneOf } from '../protocol/schema-parts.ts';

const source = Type.String({ pattern: '^https://', description: 'Where the figure is published.' });
const size = Type.Integer({ minimum: 1 });
const commit = '^[0-9a-f]{40}$';

export const WhisperModelSchema = Type.Object(
  {
    speaks: oneOf('all', 'english'),
    translates: Type.Boolean({ description: 'Whether it writes other languages in English.' }),
    dimensions: Type.Object(
      {
        melBins: size,
        audioContext: size,
        audioState: size,
        audioHeads: size,
        audioLayers: size,
        vocabularySize: size,
        textContext: size,
        textState: size,
        textHeads: size,
        textLayers: size,
      },
      { additionalProperties: false },
    ),
    speed: Type.Union([
      Type.Object({ timesLarge: Type.Number({ minimum: 1 }), source }, { additionalProperties: false }),
      Type.Null(),
    ]),
    accuracy: Type.Union([
      Type.Object(
        {
          wordErrorRate: Type.Number({ minimum: 0, maximum: 100, description: 'In percent.' }),
          measuredOn: Type.String({ minLength: 1 }),
          source,
        },
        { additionalProperties: false },
      ),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);

export const CopySchema = Type.Object(
  {
    name: Type.String({ minLength: 1, description: 'A repository of the Hub, or the name of the embedded model.' }),
    model: Type.String({ description: 'One of `models`.' }),
    weights: oneOf('4-bit', '8-bit', 'float16', 'float32'),
    revision: Type.Union([Type.String({ pattern: commit }), Type.Null()], {
      description: 'The pinned commit; null for the embedded model.',
    }),
    downloadBytes: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'Null if nobody checked it.',
    }),
    weightsSha256: Type.Union([Type.String({ pattern: '^[0-9a-f]{64}$' }), Type.Null()], {
      description: 'The hash of the weights; null if nobody checked it.',
    }),
  },
  { additionalProperties: false },
);

const names = Type.Array(Type.String(), { minItems: 1 });
const PurposesSchema = Type.Object(
  { everyday: names, accuracy: names, translation: names, english: names },
  { additionalProperties: false, description: 'The best one first; the first that fits into memory is recommended.' },
);

/** The shape of `assets/catalogue.json`. */
export const CatalogueSchema = Type.Object(
  {
    models: Type.Record(Type.String(), WhisperModelSchema),
    copies: Type.Array(CopySchema),
    recommended: Type.Object({ gpu: PurposesSchema, cpu: PurposesSchema }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);
