import { stripTypeScriptTypes } from 'node:module';

/** Jest transformer: types become white space, so that lines and columns stay what they are. */
export default {
  process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }),
};
