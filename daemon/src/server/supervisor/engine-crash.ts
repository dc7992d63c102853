import { HearthError } from '../../errors/hearth-error.ts';

/**
 * What a task had to do with the end of its engine: `alone`, nothing else was at work; `shared`, it may have been another
 * one's doing; `none`, it stood still or had not begun.
 */
export type Blame = 'alone' | 'shared' | 'none';

/** The end of an engine under one of its tasks. */
export class EngineCrash extends HearthError {
  readonly blame: Blame;

  constructor({ message, hint, blame }: { readonly message: string; readonly hint: string; readonly blame: Blame }) {
    super('ENGINE_CRASHED', message, { hint });
    this.blame = blame;
  }
}
