/** A set-up failure that the user can act on: "Expected …, got …. …", and the end of the log where there is one. */
export class SetUpError extends Error {
  constructor(message, { logTail = '', cause } = {}) {
    super(message, { cause });
    this.name = 'SetUpError';
    this.logTail = logTail;
  }
}
