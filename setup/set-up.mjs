import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTools } from './find-tools.mjs';
import { stateFolder } from './folders.mjs';
import { lastInputsPath, readInputs } from './last-inputs.mjs';
import { withLock } from './lock.mjs';
import { currentPlatform } from './platform.mjs';
import { createProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetUpError } from './set-up-error.mjs';
import { openStamps, writeAtomically } from './stamps.mjs';
import { addon } from './steps/addon.mjs';
import { buildTools } from './steps/build-tools.mjs';
import { bundledPackages } from './steps/bundled-packages.mjs';
import { libraries } from './steps/libraries.mjs';
import { npmPackages } from './steps/npm-packages.mjs';
import { typescript } from './steps/typescript.mjs';

/**
 * Installs missing packages, libraries and tools, then builds. `tsc` and `cmake` know what is out of date.
 * @throws SetUpError
 */
export async function setUp({ moreSteps = [] } = {}) {
  const platform = currentPlatform();
  const needed = [npmPackages, bundledPackages, libraries(platform), buildTools(platform), typescript, addon(platform)];
  await alone(async (progress) => {
    // Read first: later changes are for the next set-up.
    const inputs = readInputs();
    await runSteps({ steps: [...needed, ...moreSteps], progress });
    await writeAtomically(lastInputsPath, inputs);
  });
}

/** Runs only these steps. @throws SetUpError */
export async function runStepsAlone(steps, { lock } = {}) {
  await alone((progress) => runSteps({ steps, progress }), lock);
}

/** Runs `work` while no other process has the lock. */
async function alone(work, path = join(stateFolder, 'lock')) {
  const progress = createProgress(process.stderr);
  await withLock({
    path,
    onWait: (holder) => progress.say(`Another set-up is running (process ${holder}); waiting for it.`),
    work: () => work(progress),
  });
}

async function runSteps({ steps, progress }) {
  const stamps = openStamps(stateFolder);
  const due = [];
  for (const step of steps) {
    if (!(await isCurrent(step, stamps))) due.push(step);
  }
  const tools = requireTools([...new Set(due.flatMap((step) => step.needs))]);
  for (const step of due) await runStep({ step, stamps, tools, progress });
}

/** A step that installs something checks whether it is there. A step that builds always runs. */
async function isCurrent(step, stamps) {
  if (step.isCurrent) return step.isCurrent();
  return step.pinnedBy !== undefined && stamps.isCurrent(step);
}

async function runStep({ step, stamps, tools, progress }) {
  const logPath = join(stateFolder, `${step.name}.log`);
  await rm(logPath, { force: true });
  await stamps.remove(step.name);
  const shown = progress.start(step.title);
  try {
    const run = (command) => runCommand({ ...command, logPath, onLine: shown.detail });
    const result = await step.run({ tools, run });
    const missing = step.outputs?.find((path) => !existsSync(path));
    if (missing) throw new SetUpError(`Expected the step "${step.title}" to make ${missing}, got nothing there.`);
    if (step.pinnedBy) await stamps.write(step);
    shown.done(typeof result === 'string' ? result : undefined);
  } catch (error) {
    shown.failed();
    throw error;
  }
}
