import { TestEnvironment } from 'jest-environment-node';

/** The addon makes its values in Node's main realm; tests see the same constructors, so that `instanceof` holds. */
export default class MainRealmEnvironment extends TestEnvironment {
  constructor(...args) {
    super(...args);
    Object.assign(this.global, {
      ArrayBuffer,
      Error,
      Float32Array,
      Int16Array,
      Int32Array,
      RangeError,
      TypeError,
      Uint8Array,
    });
  }
}
