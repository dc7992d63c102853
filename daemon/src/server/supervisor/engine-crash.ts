import { HearthError } from '../../errors/hearth-error.ts';

/**
 * What a task had to do with the end of its engine. `alone`: nothing else was running. `shared`: another task may have
 * caused it. `none`: it was paused or had not started.
 */
export type Blame = 'alone' | 'shared' | 'none';

/** An engine that ended while it had this task. */
export class EngineCrash extends HearthError {
  readonly blame: Blame;

  constructor({ message, hint, blame }: { readonly message: string; readonly hint: string; readonly blame: Blame }) {
    super('ENGINE_CRASHED', message, { hint });
    this.blame = blame;
  }
}
