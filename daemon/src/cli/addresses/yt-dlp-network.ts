import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../../settings/settings-schema.ts';
import { trustedAuthorities } from '../../settings/trusted-authorities.ts';

/** How yt-dlp is started so that it reaches the network as Hearth does. */
export interface YtDlpNetwork {
  /** Beside those of this process. */
  readonly environment: Readonly<Record<string, string>>;
  readonly options: readonly string[];
}

/**
 * Gives yt-dlp the settings `proxy` and `certificates`; a proxy in its own configuration goes before ours. The proxy may hold
 * a password, so it is no option: others see those of a running program.
 * @param folder where a file with the certificates is written
 * @throws `SETTINGS_INVALID` for certificates that cannot be read
 */
export async function ytDlpNetwork(
  { proxy, certificates }: Pick<Settings, 'proxy' | 'certificates'>,
  folder: string,
): Promise<YtDlpNetwork> {
  const proxies = proxy === '' ? {} : { http_proxy: proxy, https_proxy: proxy, all_proxy: proxy };
  if (certificates === '') return { environment: proxies, options: [] };
  const path = join(folder, 'authorities.pem');
  await writeFile(path, `${trustedAuthorities(certificates).join('\n')}\n`);
  // It would trust a list of its own alone.
  return { environment: { ...proxies, SSL_CERT_FILE: path }, options: ['--compat-options', 'no-certifi'] };
}
