/** A set-up failure that the user can fix: "Expected …, got …. …", and the end of the log if there is one. */
export class SetUpError extends Error {
  constructor(message, { logTail = '', cause } = {}) {
    super(message, { cause });
    this.name = 'SetUpError';
    this.logTail = logTail;
  }
}
