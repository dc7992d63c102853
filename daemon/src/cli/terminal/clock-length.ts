/** A length of time as players show it: `0:42`, `12:05`, `1:02:03`. */
export function clockLength(seconds: number): string {
  const whole = Math.round(seconds);
  const rest = `${String(Math.floor((whole % 3600) / 60)).padStart(whole < 3600 ? 1 : 2, '0')}:${String(whole % 60).padStart(2, '0')}`;
  return whole < 3600 ? rest : `${Math.floor(whole / 3600)}:${rest}`;
}
