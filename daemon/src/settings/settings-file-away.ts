/** What a system says of files whose disk is not there, or does not answer now. */
const away: readonly string[] = ['EIO', 'ENODEV', 'ENOENT', 'ENOTCONN', 'ENXIO', 'ESTALE', 'ETIMEDOUT'];

/** Whether it was its disk that kept a file of settings from being read: it may be there again in a moment. */
export function isSettingsFileAway(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: NodeJS.ErrnoException };
  return code === 'SETTINGS_INVALID' && cause?.code !== undefined && away.includes(cause.code);
}
