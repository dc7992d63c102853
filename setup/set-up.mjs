import { existsSync } from 'node:fs';
import { rm, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { requireTools } from './find-tools.mjs';
import { stateFolder } from './folders.mjs';
import { withLock } from './lock.mjs';
import { currentPlatform } from './platform.mjs';
import { createProgress } from './progress.mjs';
import { runCommand } from './run-command.mjs';
import { SetUpError } from './set-up-error.mjs';
import { openStamps, writeAtomically } from './stamps.mjs';
import { addon } from './steps/addon.mjs';
import { buildTools } from './steps/build-tools.mjs';
import { libraries } from './steps/libraries.mjs';
import { npmPackages } from './steps/npm-packages.mjs';
import { typeScript } from './steps/type-script.mjs';

/** The launcher skips set-up while this file is newer than everything that set-up depends on. */
const readyPath = join(stateFolder, 'ready');

/**
 * Does what is missing, and only that: npm packages, libraries, build tools, TypeScript, the addon, then `moreSteps`.
 * @throws SetUpError
 */
export async function setUp({ moreSteps = () => [] } = {}) {
  const platform = currentPlatform();
  await alone(async (progress) => {
    // Sources edited while set-up runs must count as newer than the stamp.
    const startedAt = new Date();
    const steps = [npmPackages, libraries(platform), buildTools(platform), typeScript, addon(platform)];
    await runSteps({ steps: [...steps, ...moreSteps(platform)], progress });
    await writeAtomically(readyPath, '');
    await utimes(readyPath, startedAt, startedAt);
  });
}

/** Does those of these steps that are missing, and nothing else. @throws SetUpError */
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
  const stale = [];
  for (const step of steps) {
    if (!(await isCurrent(step, stamps))) stale.push(step);
  }
  const tools = requireTools([...new Set(stale.flatMap((step) => step.needs))]);
  for (const step of stale) await runStep({ step, stamps, tools, progress });
}

async function isCurrent(step, stamps) {
  if (step.isCurrent) return step.isCurrent();
  return stamps.isCurrent({ name: step.name, inputs: await step.inputs(), outputs: step.outputs });
}

async function runStep({ step, stamps, tools, progress }) {
  const logPath = join(stateFolder, `${step.name}.log`);
  await rm(logPath, { force: true });
  await stamps.remove(step.name);
  const inputs = await step.inputs?.();
  const shown = progress.start(step.title);
  try {
    const run = (command) => runCommand({ ...command, logPath, onLine: shown.detail });
    const result = await step.run({ tools, run });
    const missing = step.outputs?.find((path) => !existsSync(path));
    if (missing) throw new SetUpError(`Expected the step "${step.title}" to make ${missing}, got nothing there.`);
    if (inputs !== undefined) await stamps.write({ name: step.name, inputs });
    shown.done(typeof result === 'string' ? result : undefined);
  } catch (error) {
    shown.failed();
    throw error;
  }
}
