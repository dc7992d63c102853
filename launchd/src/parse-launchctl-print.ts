export interface PrintedService {
  readonly state: string | null;
  readonly processId: number | null;
  readonly lastExitCode: number | null;
  readonly lastSignal: string | null;
}

/**
 * Parses the output of `launchctl print`. Apple does not guarantee its format, so every field may be missing. Fields of nested
 * blocks, which repeat the names, are skipped.
 */
export function parseLaunchctlPrint(text: string): PrintedService {
  const fields = ownFields(text);
  return {
    state: fields.get('state') ?? null,
    processId: leadingNumber(fields.get('pid')),
    // `78: EX_CONFIG`, or `(never exited)`. A killed process leaves a signal instead.
    lastExitCode: leadingNumber(fields.get('last exit code')),
    lastSignal: fields.get('last terminating signal') ?? null,
  };
}

function ownFields(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  let depth = 0;
  for (const line of text.split('\n').map((each) => each.trim())) {
    if (line.endsWith('{')) depth += 1;
    else if (line.startsWith('}')) depth -= 1;
    else if (depth <= 1) {
      const [name = '', value] = line.split(/ = (.*)/);
      if (value !== undefined && !fields.has(name)) fields.set(name, value);
    }
  }
  return fields;
}

function leadingNumber(value: string | undefined): number | null {
  const digits = /^-?\d+/.exec(value ?? '')?.[0];
  return digits === undefined ? null : Number(digits);
}
