import { shortenKnown, withoutPaths } from './redact.ts';

/** What these hold are words of Hearth's own. */
const safeTexts = ['time', 'method', 'route', 'state', 'code', 'jobId', 'id', 'stream', 'signal'];
/** Patterns of addresses, which look like paths. */
const patterns = ['route'];
/** Errors whose messages are about Hearth's parts and not about a recording. */
const safeErrors = /^(ENGINE|MODEL|DAEMON|HOME|HISTORY|SETTINGS|DISK|SHUTTING)_/;

/** A line of the log that names no recording; null for one that is not from the log. */
export function safeLogLine(line: string): string | null {
  const entry = parse(line);
  if (entry === null) return null;
  const safe = Object.entries(entry).map(([name, value]) => [name, safeValue(name, value, entry)] as const);
  return JSON.stringify(Object.fromEntries(safe.filter(([, value]) => value !== undefined)));
}

function safeValue(name: string, value: unknown, entry: Readonly<Record<string, unknown>>): unknown {
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (name === 'msg') return safeMessage(entry);
  if (name === 'err' || name === 'error') return safeError(value);
  if (typeof value !== 'string' || !safeTexts.includes(name)) return undefined;
  return patterns.includes(name) ? value : withoutPaths(value);
}

/** The words of a line are Hearth's own, unless the log took them from an error. */
function safeMessage({ msg, err }: Readonly<Record<string, unknown>>): string {
  const { message } = (err ?? {}) as { message?: unknown };
  return typeof msg === 'string' && msg !== message ? withoutPaths(msg) : '(an error)';
}

function safeError(error: unknown): Readonly<Record<string, unknown>> {
  const { code, type, message, stack } = (error ?? {}) as Readonly<Record<string, unknown>>;
  const isAboutParts = typeof code === 'string' && safeErrors.test(code) && typeof message === 'string';
  const frames = String(stack ?? '')
    .split('\n')
    .filter((each) => /^\s+at /.test(each) && /\(?(node:|file:\/\/)/.test(each))
    .map((each) => shortenKnown(each.trim()));
  return { code, type, ...(isAboutParts && { message: withoutPaths(message) }), frames };
}

function parse(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return entry !== null && typeof entry === 'object' ? (entry as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
