import { getCACertificates } from 'node:tls';
import { EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';
import { readGivenFileNow } from '../settings/read-given-file.ts';
import { hubFailure } from './hub-failure.ts';

/** How the Hub is reached, as the settings say it. */
export interface HubNetwork {
  readonly endpoint: string;
  /** `off` refuses every connection. */
  readonly network?: 'on' | 'off';
  /** Empty for the one in `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly proxy?: string;
  /** A file with authorities to trust beside the system's; empty for none. */
  readonly certificates?: string;
}

export interface Hub {
  readonly endpoint: string;
  /** @throws `HUB_UNREACHABLE`, `PROXY_FAILED`, `CERTIFICATE_UNTRUSTED`, `NETWORK_LOGIN_NEEDED` */
  fetch(
    url: string,
    options: { readonly headers?: Record<string, string>; readonly signal: AbortSignal },
  ): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Opens connections to the Hub or a mirror, through a proxy if there is one.
 * @throws `NETWORK_OFF`, `SETTINGS_INVALID` for a proxy or certificates that cannot be used
 */
export function connectToHub({ endpoint, network = 'on', proxy = '', certificates = '' }: HubNetwork): Hub {
  if (network === 'off') {
    throw new HearthError('NETWORK_OFF', 'The setting `network` is off, so nothing is downloaded.');
  }
  const place = new URL(endpoint);
  const credentials = `${decodeURIComponent(place.username)}:${decodeURIComponent(place.password)}`;
  // A request may not have a password in its address.
  const authorization =
    credentials === ':' ? {} : { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
  const { dispatcher, proxies } = createDispatcher(proxy, place.protocol === 'https:' ? authorities(certificates) : []);
  return {
    endpoint: `${place.origin}${place.pathname.replace(/\/+$/, '')}`,
    async fetch(url, { headers, signal }) {
      // A redirection to another host loses the password.
      const own = url.startsWith(`${place.origin}/`) ? authorization : {};
      const sent = { 'user-agent': 'hearth', 'accept-encoding': 'identity', ...own, ...headers };
      const response = await fetch(url, { headers: sent, signal, dispatcher }).catch((error: Error) => {
        signal.throwIfAborted();
        throw hubFailure(error, { url, proxies });
      });
      return requireHub(response);
    },
    close: () => dispatcher.destroy(),
  };
}

function createDispatcher(proxy: string, ca: readonly string[]) {
  const { env } = process;
  const found = [proxy, env['https_proxy'], env['HTTPS_PROXY'], env['http_proxy'], env['HTTP_PROXY']];
  const tls = ca.length === 0 ? {} : { ca: [...ca] };
  try {
    const dispatcher = new EnvHttpProxyAgent({
      ...(proxy === '' ? {} : { httpProxy: proxy, httpsProxy: proxy }),
      connect: tls,
      requestTls: tls,
      proxyTls: tls,
    });
    return { dispatcher, proxies: found.filter((text) => text).map((text) => new URL(text as string)) };
  } catch {
    // It may hold a password, so it is not shown.
    throw new HearthError(
      'SETTINGS_INVALID',
      'Expected a proxy such as http://proxy.example:3128, got something else.',
      {
        hint: 'Correct the setting `proxy`, or HTTPS_PROXY and HTTP_PROXY.',
      },
    );
  }
}

/** Those of a whole system have a quarter of a megabyte. */
const mostCertificateBytes = 16 * 1024 * 1024;

/** Those that Node brings along, those of the system, where companies put theirs, and those in a file. */
function authorities(file: string): readonly string[] {
  const known = [...getCACertificates('default'), ...getCACertificates('system')];
  if (file === '') return known;
  try {
    return [...known, readGivenFileNow(file, mostCertificateBytes).toString()];
  } catch (cause) {
    throw new HearthError('SETTINGS_INVALID', `Expected certificates in ${file}, but ${systemReason(cause)}.`, {
      cause,
    });
  }
}

/** A Hub at fault is no Hub, and neither is the page of a hotel's network that answers for it. */
async function requireHub(response: Response): Promise<Response> {
  const { host } = new URL(response.url);
  const isPage = response.ok && /^text\/html\b/i.test(response.headers.get('content-type') ?? '');
  if (isPage || response.status === 511) {
    await response.body?.cancel();
    throw new HearthError('NETWORK_LOGIN_NEEDED', `Expected a file from ${host}, got a web page.`);
  }
  if (response.status < 500 && response.status !== 429) return response;
  await response.body?.cancel();
  throw new HearthError('HUB_UNREACHABLE', `Expected an answer from ${host}, got status ${response.status}.`);
}
