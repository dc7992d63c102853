import { registerHooks } from 'node:module';

const ofEngine = /\/daemon\/dist\/engine\/main\.js$/;
const remembering = new URL('remembering-native.ts', import.meta.url).href;

/** Preloaded into a daemon's processes, it gives the engine a model that encodes each window once. */
registerHooks({
  resolve(specifier, context, next) {
    const isEngines = specifier === '@hearth/native' && ofEngine.test(context.parentURL ?? '');
    return isEngines ? { url: remembering, shortCircuit: true } : next(specifier, context);
  },
});
