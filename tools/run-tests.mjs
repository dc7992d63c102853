import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { pinnedNode, rootFolder, stateFolder } from '../setup/folders.mjs';
import { reportSetUpError } from '../setup/report-set-up-error.mjs';
import { setUp } from '../setup/set-up.mjs';
import { addonTests } from './addon-tests.mjs';
import { extensionPackages } from './extension-packages.mjs';
import { totalLine } from './test-totals.mjs';

const modules = join(rootFolder, 'node_modules');
const jestResultPath = join(stateFolder, 'jest-result.json');

const checks = [
  { name: 'types', module: join(modules, 'typescript', 'bin', 'tsc'), args: ['--build'] },
  {
    name: 'lint and format',
    module: join(modules, '@biomejs', 'biome', 'bin', 'biome'),
    args: ['check', '--error-on-warnings'],
  },
  { name: 'dead code', module: join(modules, 'knip', 'bin', 'knip.js'), args: [] },
  { name: 'import directions', module: join(rootFolder, 'tools', 'check-imports.mjs'), args: [] },
];

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(128 + constants.signals[signal]));

const [first, ...others] = process.argv.slice(2);
process.exitCode = await (first === '--quick'
  ? runTests({ jestArguments: [...others, '--selectProjects', 'unit'] })
  : runTests({ moreSteps: [addonTests, extensionPackages], jestArguments: process.argv.slice(2) }));

/** Sets up, checks and tests. The last line it prints is the total. */
async function runTests({ moreSteps, jestArguments }) {
  try {
    await setUp({ moreSteps });
  } catch (error) {
    reportSetUpError(error);
    console.log(totalLine({ checks: [false], jest: null }));
    return 1;
  }
  const passes = checks.map(({ name, module, args }) => {
    console.log(`check: ${name}`);
    return runPinnedNode([module, ...args]);
  });
  const jest = runJest(jestArguments);
  const line = totalLine({ checks: passes, jest });
  console.log(line);
  return jest?.success && passes.every(Boolean) ? 0 : 1;
}

/** Jest's own summary of the results, or null if there is none. */
function runJest(jestArguments) {
  rmSync(jestResultPath, { force: true });
  runPinnedNode([
    ...['--disable-warning=ExperimentalWarning', '--experimental-vm-modules', join(modules, 'jest', 'bin', 'jest.js')],
    // A process left running is a bug in the test, but it must not hold back the result.
    ...['--forceExit', '--json', `--outputFile=${jestResultPath}`, ...jestArguments],
  ]);
  try {
    return JSON.parse(readFileSync(jestResultPath, 'utf8'));
  } catch {
    return null;
  }
}

/** Children that start `node` by name also get the pinned one. */
function runPinnedNode(args) {
  const env = { ...process.env, PATH: [dirname(pinnedNode), process.env.PATH].join(delimiter) };
  const { status, signal } = spawnSync(pinnedNode, args, { cwd: rootFolder, env, stdio: 'inherit' });
  if (signal !== null)
    console.error(`Expected ${args.find((each) => each.startsWith(rootFolder))} to end by itself, got ${signal}.`);
  return status === 0;
}
