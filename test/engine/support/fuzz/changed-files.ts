import type { Choices } from '../../../e2e/support/fuzz/choices.ts';

/** Files of one kind that are changed at random and read. */
export interface ChangedFiles {
  readonly name: string;
  /** Of all tries. */
  readonly share: number;
  /** Changes one, reads it, and says what came of it. What it throws is judged by its code. */
  readonly tryOne: (change: { readonly seed: number; readonly choices: Choices }) => Promise<string>;
}
