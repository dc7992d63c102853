/** Names what the host lacks, instead of an `undefined` that fails somewhere else. */
export function strict<Target extends object>(target: Target, name: string): Target {
  return new Proxy(target, {
    get(object, property, receiver) {
      if (property in object || typeof property === 'symbol' || askedByReact.has(property)) {
        return Reflect.get(object, property, receiver);
      }
      throw new Error(`Expected the host to have ${name}.${property}, got nothing. Add it to test/raycast/host.`);
    },
  });
}

/** Looked for on every component or module. */
const askedByReact = new Set(['$$typeof', 'defaultProps', 'contextType', 'compare', 'then', '__esModule', 'default']);
