import { buildTarget } from '../setup/steps/addon.mjs';

/** Builds the C++ test programs, which only `npm test` needs. */
export const addonTests = {
  name: 'addon-tests',
  title: 'C++ test programs',
  needs: ['compiler'],
  run: ({ run }) => buildTarget({ run, target: 'all' }),
};
