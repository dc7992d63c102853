import { buildExtension } from './store/build-extension.ts';

/** Jest's set-up of these tests, so that they run on what is in the sources. */
export default buildExtension;
