/** A moment as the clock of whoever runs the command shows it, to the minute: `2026-01-31 14:05`. */
export function localMinute(moment: Date): string {
  return `${localDate(moment)} ${two(moment.getHours())}:${two(moment.getMinutes())}`;
}

/** The same to the second with the distance from UTC: `2026-01-31 14:05:09+09:00`. */
export function localSecond(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const distance = Math.abs(minutes);
  const zone = `${minutes < 0 ? '-' : '+'}${two(Math.floor(distance / 60))}:${two(distance % 60)}`;
  return `${localMinute(moment)}:${two(moment.getSeconds())}${zone}`;
}

export function localDate(moment: Date): string {
  return `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
}

/** Name of the zone that the times are in, such as `Europe/Berlin`. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
