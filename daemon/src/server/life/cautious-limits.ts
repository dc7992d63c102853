import { variableName } from '../../settings/read-settings.ts';
import type { Settings } from '../../settings/settings-schema.ts';

/** Settings by which something is deleted for good, with what deletes nothing. */
const kept = {
  historyDays: 0,
  historyEntries: Number.MAX_SAFE_INTEGER,
  maxFinishedJobs: Number.MAX_SAFE_INTEGER,
};

/**
 * Settings of which nobody knows whether their owner has written down others: what a default would delete stays. A variable
 * of the environment is written down.
 */
export function cautiousLimits(settings: Settings, environment: NodeJS.ProcessEnv = process.env): Settings {
  const doubted = Object.entries(kept).filter(([key]) => !environment[variableName(key)]);
  return { ...settings, ...Object.fromEntries(doubted) };
}
