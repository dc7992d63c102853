import { HearthError } from '../errors/hearth-error.ts';
import { systemReason } from '../errors/system-reason.ts';

interface Failed {
  readonly url: string;
  /** The proxies that may have been used. */
  readonly proxies: readonly URL[];
}

interface NetworkError {
  readonly code?: string;
  readonly name?: string;
  readonly message?: string;
  readonly cause?: NetworkError;
  readonly errors?: readonly NetworkError[];
  /** Where a connection was tried. */
  readonly address?: string;
  readonly hostname?: string;
  readonly port?: number;
}

/** Codes of Node for a server's certificate that it does not accept. */
const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)|ERR_TLS/;

/** What kept a request from being answered: the proxy, the certificate, or the network itself. */
export function hubFailure(error: unknown, { url, proxies }: Failed): HearthError {
  const { host } = new URL(url);
  const cause = deepest(error as NetworkError);
  const status = /Proxy response \((\d{3})\)|Proxy Authentication Required \((407)\)/.exec(cause.message ?? '');
  if (status !== null) return proxyStatus(Number(status[1] ?? status[2]), proxies, host);
  const proxy = proxies.find((each) => isAt(cause, each));
  const reason = systemReason(cause);
  if (proxy !== undefined) {
    return new HearthError('PROXY_FAILED', `Expected an answer from the proxy ${proxy.host}, but ${reason}.`, {
      cause,
    });
  }
  if (certificateCodes.test(cause.code ?? '')) {
    return new HearthError('CERTIFICATE_UNTRUSTED', `Expected ${host} to show a certificate to trust, but ${reason}.`, {
      ...hintFor(cause.code ?? '', host),
      cause,
    });
  }
  if (cause.name === 'HTTPParserError') {
    return new HearthError('HUB_INVALID', `Expected an answer from ${host}, got something that is not HTTP.`, {
      cause,
    });
  }
  return new HearthError('HUB_UNREACHABLE', `Expected an answer from ${host}, but ${reason}.`, {
    ...hintFor(cause.code ?? '', host),
    cause,
  });
}

/** What helps where the hint of the error's code does not. */
function hintFor(code: string, host: string): { readonly hint?: string } {
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return {
      hint: `Check the date of this machine. If it is right, whoever runs ${host} has to renew the certificate.`,
    };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return { hint: 'Check the address in `hubEndpoint`, or log in to this network in a browser.' };
  }
  return code.startsWith('ERR_SSL_') ? { hint: 'Check whether `hubEndpoint` has to begin with http://.' } : {};
}

function proxyStatus(status: number, proxies: readonly URL[], host: string): HearthError {
  const name = [...new Set(proxies.map((each) => each.host))].join(' or ');
  if (status === 407) {
    return new HearthError('PROXY_FAILED', `The proxy ${name} wants a user name and a password.`, {
      hint: 'Put them into its address: http://user:password@host:port, in the setting `proxy` or in HTTPS_PROXY.',
    });
  }
  return new HearthError('PROXY_FAILED', `Expected the proxy ${name} to connect to ${host}, got status ${status}.`);
}

/** An attempt on several addresses fails with one error for each. */
function deepest(error: NetworkError): NetworkError {
  const next = error.cause ?? error.errors?.[0];
  return next === undefined ? error : deepest(next);
}

function isAt({ address, hostname, port, message = '' }: NetworkError, proxy: URL): boolean {
  const proxyPort = Number(proxy.port || (proxy.protocol === 'https:' ? 443 : 80));
  if (hostname !== undefined && hostname === proxy.hostname) return true;
  if (message.includes(`attempted address: ${proxy.hostname}:${proxyPort}`)) return true;
  return address !== undefined && port === proxyPort;
}
