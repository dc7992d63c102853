import { variableName } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** Settings by which something is deleted for good, with what deletes nothing. */
const kept = {
  historyDays: 0,
  historyEntries: Number.MAX_SAFE_INTEGER,
  maxFinishedJobs: Number.MAX_SAFE_INTEGER,
};

/** Whether other limits are written down by which something is deleted. */
export function deletesOtherwise(one: Settings, other: Settings): boolean {
  return one.historyDays !== other.historyDays || one.historyEntries !== other.historyEntries;
}

/**
 * Settings of which nobody knows whether their owner has written down others: what a default would delete stays. A variable
 * of the environment is written down.
 */
export function cautiousLimits(settings: Settings, environment: NodeJS.ProcessEnv = process.env): Settings {
  return withUnwritten(settings, kept, environment);
}

/** The same for what goes to the network: of lost settings nobody knows whether they forbade it. */
export function withoutNetwork(settings: Settings, environment: NodeJS.ProcessEnv = process.env): Settings {
  return withUnwritten(settings, { network: 'off' }, environment);
}

function withUnwritten(settings: Settings, others: Partial<Settings>, environment: NodeJS.ProcessEnv): Settings {
  const unwritten = Object.entries(others).filter(([key]) => !environment[variableName(key)]);
  return { ...settings, ...Object.fromEntries(unwritten) };
}
