import { readFileSync } from 'node:fs';
import { Value } from 'typebox/value';
import { HearthError } from '../errors/hearth-error.ts';
import { type Settings, SettingsSchema } from './settings-schema.ts';

type Source = { readonly name: string; readonly values: Readonly<Record<string, unknown>> };

/**
 * Defaults, then the settings file, then the environment (`maxQueuedJobs` is `HEARTH_MAX_QUEUED_JOBS`).
 * @throws `SETTINGS_INVALID`, naming the place, the key, what was expected and what came
 */
export function readSettings(settingsFile: string, environment: NodeJS.ProcessEnv = process.env): Settings {
  const sources = [readFile(settingsFile), readEnvironment(environment)];
  const settings = Value.Default(SettingsSchema, {}) as Record<string, unknown>;
  for (const { name, values } of sources) {
    for (const [key, value] of Object.entries(values)) {
      const converted = typeof value === 'string' ? convert(key, value) : value;
      requireValid(name, key, converted);
      settings[key] = converted;
    }
  }
  return settings as Settings;
}

function readFile(path: string): Source {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { name: path, values: {} };
    throw new HearthError('SETTINGS_INVALID', `Expected to read ${path}, got ${(error as Error).message}.`, {
      cause: error,
    });
  }
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
      return { name: path, values: values as Record<string, unknown> };
    }
  } catch (error) {
    throw new HearthError('SETTINGS_INVALID', `Expected JSON in ${path}, got an error: ${(error as Error).message}.`, {
      cause: error,
    });
  }
  throw new HearthError('SETTINGS_INVALID', `Expected a JSON object in ${path}, got ${text.trim().slice(0, 40)}.`);
}

function readEnvironment(environment: NodeJS.ProcessEnv): Source {
  const entries = Object.keys(SettingsSchema.properties).flatMap((key) => {
    const value = environment[variableName(key)];
    return value === undefined || value === '' ? [] : [[key, value] as const];
  });
  return { name: 'the environment', values: Object.fromEntries(entries) };
}

export function variableName(key: string): string {
  return `HEARTH_${key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function convert(key: string, value: string): unknown {
  const property = propertyOf(key);
  const isNumber = property !== undefined && 'type' in property && property.type === 'integer';
  return isNumber && /^[+-]?\d+$/.test(value.trim()) ? Number(value) : value;
}

function propertyOf(key: string) {
  return Object.hasOwn(SettingsSchema.properties, key)
    ? SettingsSchema.properties[key as keyof typeof SettingsSchema.properties]
    : undefined;
}

function requireValid(source: string, key: string, value: unknown): void {
  const property = propertyOf(key);
  if (property === undefined) {
    const known = Object.keys(SettingsSchema.properties).join(', ');
    throw new HearthError('SETTINGS_INVALID', `Expected one of ${known} in ${source}, got ${key}.`);
  }
  if (Value.Check(property, value)) return;
  const [problem] = Value.Errors(property, value);
  throw new HearthError(
    'SETTINGS_INVALID',
    `Expected ${key} in ${source} to be a valid setting (${problem?.message ?? 'see the documentation'}), got ${JSON.stringify(value)}.`,
  );
}
