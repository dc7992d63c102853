import Type, { type TOptional, type TUnsafe } from 'typebox';
import { type OptionDefinition, optionTable } from './option-table.ts';
import type { ValueOf } from './transcription-options.ts';

const valueLimits = ['minLength', 'maxLength', 'minimum', 'exclusiveMinimum', 'maximum'];

/** The options of a transcription, for JSON and for OpenAI's form. */
export const TranscriptionOptionsSchema = Type.Object(propertiesOf(optionTable), {
  title: 'TranscriptionOptions',
  additionalProperties: false,
});

type Table = Readonly<Record<string, OptionDefinition>>;
type PropertiesOf<Options extends Table> = {
  [Name in keyof Options & string]: TOptional<TUnsafe<ValueOf<Options[Name]>>>;
};

/** A schema for each option of a table. */
export function propertiesOf<Options extends Table>(table: Options): PropertiesOf<Options> {
  const schemas = Object.entries(table).map(([name, option]) => [name, Type.Optional(Type.Unsafe(schemaOf(option)))]);
  return Object.fromEntries(schemas);
}

function schemaOf(option: OptionDefinition): object {
  const about = { ...defaultOf(option), description: describe(option) };
  if (option.kind === 'choice') {
    return { anyOf: option.choices.map((name) => ({ type: 'string', const: name })), ...about };
  }
  const value = { type: option.kind.replace('-list', ''), ...limitsOf(option, valueLimits) };
  if (!option.kind.endsWith('-list')) return { ...value, ...about };
  return { type: 'array', items: value, ...limitsOf(option, ['minItems', 'maxItems']), ...about };
}

function limitsOf(option: OptionDefinition, names: readonly string[]): object {
  return Object.fromEntries(Object.entries(option).filter(([name]) => names.includes(name)));
}

/** An empty value means that nothing applies. */
function defaultOf({ default: value }: OptionDefinition): object {
  return value === null || value === '' || (Array.isArray(value) && value.length === 0) ? {} : { default: value };
}

function describe({ description, otherwise }: OptionDefinition): string {
  return otherwise === undefined ? description : `${description.replace(/\.$/, '')}; default: ${otherwise}.`;
}
