import vm from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';
import typebox from 'typebox';
import * as typeboxValue from 'typebox/value';

/**
 * The addon makes its values in Node's main realm; tests see the same constructors, so that `instanceof` holds.
 *
 * Its global object is an ordinary one. Jest's own asks a proxy for every use of a global name, `Math` too, which takes two
 * hundred times as long: loops over samples and weights took minutes of processor time.
 */
export default class MainRealmEnvironment extends TestEnvironment {
  constructor(...args) {
    const putBack = makeGlobalsOrdinary();
    super(...args);
    putBack();
    Object.assign(this.global, {
      ArrayBuffer,
      Error,
      Float32Array,
      Int16Array,
      Int32Array,
      RangeError,
      TypeError,
      Uint8Array,
      // Almost 700 modules: to load them for each file took a third of the time of many.
      sharedPackages: { typebox, typeboxValue },
    });
  }
}

/** Contexts that are made from now on have no proxy. */
function makeGlobalsOrdinary() {
  const { createContext } = vm;
  vm.createContext = () => createContext(vm.constants.DONT_CONTEXTIFY);
  return () => {
    vm.createContext = createContext;
  };
}
