/** What the check of one part found. */
export interface Finding {
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly found: string;
  readonly advice: string | null;
}

export function ok(found: string): Finding {
  return { state: 'ok', found, advice: null };
}
