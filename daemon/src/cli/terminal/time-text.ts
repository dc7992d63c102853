/** A moment in local time, to the minute: `2026-01-31 14:05`. */
export function localMinute(moment: Date): string {
  return `${localDate(moment)} ${twoDigits(moment.getHours())}:${twoDigits(moment.getMinutes())}`;
}

/** The same to the second, with the offset from UTC: `2026-01-31 14:05:09+09:00`. */
export function localSecond(moment: Date): string {
  const minutes = -moment.getTimezoneOffset();
  const distance = Math.abs(minutes);
  const zone = `${minutes < 0 ? '-' : '+'}${twoDigits(Math.floor(distance / 60))}:${twoDigits(distance % 60)}`;
  return `${localMinute(moment)}:${twoDigits(moment.getSeconds())}${zone}`;
}

export function localDate(moment: Date): string {
  return `${moment.getFullYear()}-${twoDigits(moment.getMonth() + 1)}-${twoDigits(moment.getDate())}`;
}

/** Name of the local time zone, such as `Europe/Berlin`. */
export function localZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A length of time as players show it: `0:42`, `12:05`, `1:02:03`. */
export function clockLength(seconds: number): string {
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const rest = twoDigits(whole % 60);
  return hours === 0 ? `${minutes}:${rest}` : `${hours}:${twoDigits(minutes)}:${rest}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
