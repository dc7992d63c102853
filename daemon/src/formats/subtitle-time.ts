import { toMilliseconds } from './to-milliseconds.ts';

export interface SubtitleTimeStyle {
  readonly alwaysIncludeHours: boolean;
  readonly decimalMarker: ',' | '.';
}

/** `01:02:03,456` (openai/whisper utils.py `format_timestamp`). */
export function subtitleTime(seconds: number, style: SubtitleTimeStyle): string {
  const milliseconds = toMilliseconds(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const hours = milliseconds / 3_600_000;
  const hoursPart = style.alwaysIncludeHours || hours >= 1 ? `${two(hours)}:` : '';
  const rest = `${two((milliseconds / 60_000) % 60)}:${two((milliseconds / 1000) % 60)}`;
  return `${hoursPart}${rest}${style.decimalMarker}${String(milliseconds % 1000).padStart(3, '0')}`;
}
