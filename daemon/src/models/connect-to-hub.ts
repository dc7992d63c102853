import { Agent, EnvHttpProxyAgent, fetch, type Response } from 'undici';
import { HearthError } from '../errors/hearth-error.ts';
import { shorten } from '../errors/shorten.ts';
import { visibleText } from '../errors/visible-text.ts';
import { trustedAuthorities } from '../settings/trusted-authorities.ts';
import { exemptNetworks } from './exempt-networks.ts';
import { hubFailure } from './hub-failure.ts';

/** How the Hub is reached, as the settings say it. */
export interface HubNetwork {
  readonly endpoint: string;
  /** `off` refuses every connection. */
  readonly network?: 'on' | 'off';
  /** Empty for the one in `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`. What `NO_PROXY` names is reached without one. */
  readonly proxy?: string;
  /** A file with authorities to trust beside the system's; empty for none. */
  readonly certificates?: string;
}

export interface Hub {
  readonly endpoint: string;
  /** @throws `HUB_UNREACHABLE`, `HUB_INVALID`, `PROXY_FAILED`, `CERTIFICATE_UNTRUSTED`, `NETWORK_LOGIN_NEEDED` */
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
  const connections = openConnections(proxy, trustedAuthorities(certificates));
  return {
    endpoint: `${place.origin}${place.pathname.replace(/\/+$/, '')}`,
    async fetch(url, { headers, signal }) {
      let target = url;
      for (let redirections = 0; ; redirections++) {
        // A redirection to another host loses the password.
        const own = target.startsWith(`${place.origin}/`) ? authorization : {};
        const sent = { 'user-agent': 'hearth', 'accept-encoding': 'identity', ...own, ...headers };
        const dispatcher = connections.to(target);
        const response = await fetch(target, { headers: sent, signal, dispatcher, redirect: 'manual' }).catch(
          (error: Error) => {
            signal.throwIfAborted();
            throw hubFailure(error, { url: target, proxies: connections.proxies });
          },
        );
        const location = response.headers.get('location');
        if (location === null || !redirectionStatus.has(response.status)) return requireHub(response);
        await response.body?.cancel();
        target = requireTarget(location, { from: new URL(target), redirections });
      }
    },
    close: connections.close,
  };
}

const redirectionStatus = new Set([301, 302, 303, 307, 308]);
const mostRedirections = 10;

/** Where a Hub sends a request on to. @throws `HUB_INVALID` for what is not the web, or lacks the encryption there was */
function requireTarget(location: string, { from, redirections }: { from: URL; redirections: number }): string {
  const target = URL.canParse(location, from.href) ? new URL(location, from.href) : null;
  const wrong =
    target === null || !['http:', 'https:'].includes(target.protocol)
      ? `a redirection to ${shorten(visibleText(location))}`
      : from.protocol === 'https:' && target.protocol === 'http:'
        ? `a redirection to ${target.host} without encryption`
        : redirections === mostRedirections
          ? `more than ${mostRedirections} redirections`
          : null;
  if (wrong === null) return (target as URL).href;
  throw new HearthError('HUB_INVALID', `Expected an answer from ${from.host}, got ${wrong}.`);
}

function openConnections(proxy: string, ca: readonly string[]) {
  const wanted = {
    httpProxy: withScheme(proxy || inEnvironment('http_proxy') || inEnvironment('all_proxy')),
    httpsProxy: withScheme(proxy || inEnvironment('https_proxy') || inEnvironment('all_proxy')),
  };
  const tls = { ca: [...ca] };
  try {
    const proxies = Object.values(wanted)
      .filter((address) => address !== '')
      .map((address) => new URL(address));
    const direct = new Agent({ connect: tls });
    const byProxy = new EnvHttpProxyAgent({ ...wanted, connect: tls, requestTls: tls, proxyTls: tls });
    const exempt = exemptNetworks(inEnvironment('no_proxy'));
    return {
      proxies,
      to: (url: string) => (exempt.has(new URL(url)) ? direct : byProxy),
      close: async () => void (await Promise.all([direct.destroy(), byProxy.destroy()])),
    };
  } catch {
    // It may hold a password, so it is not shown.
    throw new HearthError(
      'SETTINGS_INVALID',
      'Expected a proxy such as http://proxy.example:3128, got something else.',
      {
        hint: 'Correct the setting `proxy`, or HTTPS_PROXY, HTTP_PROXY and ALL_PROXY.',
      },
    );
  }
}

/** A variable in lower or upper case, as curl reads it. */
function inEnvironment(name: string): string {
  return process.env[name] || process.env[name.toUpperCase()] || '';
}

/** `proxy.example:3128` is one of http, as for curl. */
function withScheme(proxy: string): string {
  return proxy === '' || proxy.includes('://') ? proxy : `http://${proxy}`;
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
