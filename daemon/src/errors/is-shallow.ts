/** None of our requests and files is deeper. Writing or describing a value with thousands of levels overflows the stack. */
export const mostLevels = 32;

/** Whether a value that was read from JSON is nested no deeper than that. */
export function isShallow(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; depth < mostLevels; depth++) level = level.flatMap(membersOf);
  return !level.some(isNested);
}

function membersOf(value: unknown): readonly unknown[] {
  return isNested(value) ? Object.values(value) : [];
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
