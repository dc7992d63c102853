import { visibleText } from '../errors/visible-text.ts';
import { localSecond } from './terminal/local-time.ts';

const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/**
 * A line of the log for people: local time, level, message, then the rest of what it says, numbers rounded to thousandths.
 * What is no JSON stays as it is. Nothing in it is obeyed by a terminal.
 */
export function logLine(line: string): string {
  const entry = parseEntry(line);
  if (entry === null) return visibleText(line);
  const { level, time, msg, processId: _, ...rest } = entry;
  const words = Object.entries(rest).map(([name, value]) => `${name}=${valueText(value)}`);
  const moment = new Date(String(time));
  const when = Number.isNaN(moment.getTime()) ? '' : localSecond(moment);
  return visibleText([when, (levels[Number(level)] ?? '').padEnd(5), msg, ...words].join(' ').trim());
}

function parseEntry(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const entry: unknown = JSON.parse(line);
    return entry !== null && typeof entry === 'object' ? (entry as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'number' ? Number(each.toFixed(3)) : each)) ?? '';
}
