import type { OptionDefinition, optionTable } from './option-table.ts';

type Table = Readonly<Record<string, OptionDefinition>>;

/** The options of a transcription as a client sends them. */
export interface TranscriptionOptions extends GivenOptions<typeof optionTable> {}

/** The options of a transcription, each with a value. Null and empty values mean none. */
export type ResolvedOptions = ResolvedOf<typeof optionTable>;

/** Options of a table, all optional. */
export type GivenOptions<Definitions extends Table> = {
  readonly [Name in keyof Definitions]?: ValueOf<Definitions[Name]>;
};

/** The options of a table, each with a value. */
export type ResolvedOf<Definitions extends Table> = {
  readonly [Name in keyof Definitions]: ValueOf<Definitions[Name]> | NoValueOf<Definitions[Name]>;
};

export type ValueOf<Definition extends OptionDefinition> = Definition extends {
  readonly choices: readonly (infer Choice)[];
}
  ? Choice
  : ValuesByKind[Definition['kind']];

interface ValuesByKind {
  readonly boolean: boolean;
  readonly choice: string;
  readonly string: string;
  readonly number: number;
  readonly integer: number;
  readonly 'string-list': readonly string[];
  readonly 'number-list': readonly number[];
  readonly 'integer-list': readonly number[];
}

/** A switch without a value follows another option. */
type NoValueOf<Definition extends OptionDefinition> = Definition extends { readonly kind: 'boolean' }
  ? never
  : Extract<Definition['default'], null>;
