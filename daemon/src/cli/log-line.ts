const levels: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

/** A line of the log for people: time, level, message, then the rest of what it says. What is no JSON stays as it is. */
export function logLine(line: string): string {
  try {
    const { level, time, msg, processId: _, ...rest } = JSON.parse(line) as Record<string, unknown>;
    const words = Object.entries(rest).map(
      ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
    const when = typeof time === 'string' ? time.slice(0, 19).replace('T', ' ') : '';
    return [when, (levels[Number(level)] ?? '').padEnd(5), msg, ...words].join(' ').trim();
  } catch {
    return line;
  }
}
