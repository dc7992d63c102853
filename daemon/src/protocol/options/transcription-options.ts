import type { OptionDefinition, optionTable } from './option-table.ts';

type Table = typeof optionTable;
export type OptionName = keyof Table;

/** The options of one transcription as a client gives them. */
export interface TranscriptionOptions extends GivenOptions<Table> {}

/** The options of one transcription with a value for each: null and what is empty mean none. */
export type ResolvedOptions = {
  readonly [Name in OptionName]: ValueOf<Table[Name]> | NoValueOf<Table[Name]>;
};

/** Options of a table, of which any may be left out. */
export type GivenOptions<Definitions extends Readonly<Record<string, OptionDefinition>>> = {
  readonly [Name in keyof Definitions]?: ValueOf<Definitions[Name]>;
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

/** A switch that is not given follows another option. */
type NoValueOf<Definition extends OptionDefinition> = Definition extends { readonly kind: 'boolean' }
  ? never
  : Extract<Definition['default'], null>;
