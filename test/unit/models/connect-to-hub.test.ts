import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type PullRequest, pullModel } from '../../../daemon/src/models/pull-model.ts';
import { makeCertificate } from '../../stand-ins/certificate.ts';
import { type HubContent, type HubFault, type StandInHub, startStandInHub } from '../../stand-ins/hub.ts';
import { type ProxyManners, type StandInProxy, startStandInProxy } from '../../stand-ins/proxy.ts';

const files = { 'config.json': Buffer.from('{"n_mels": 80}'), 'model.safetensors': Buffer.alloc(200_000, 7) };
const content: HubContent = { repository: 'owner/tiny', commit: 'c0ffee'.padEnd(40, '0') };
const variables = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

let folder: string;
let closing: (() => Promise<void>)[];
let environment: Record<string, string | undefined>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hearth-network-'));
  closing = [];
  environment = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  for (const name of variables) delete process.env[name];
});

afterEach(async () => {
  for (const close of closing) await close();
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(folder, { recursive: true });
});

async function startHub(fault: HubFault = {}, other: Partial<HubContent> = {}): Promise<StandInHub> {
  const hub = await startStandInHub(files, fault, { ...content, ...other });
  closing.push(hub.close);
  return hub;
}

async function startProxy(manners: ProxyManners = {}): Promise<StandInProxy> {
  const proxy = await startStandInProxy(manners);
  closing.push(proxy.close);
  return proxy;
}

async function pull(request: Pick<PullRequest, 'endpoint'> & Partial<PullRequest>): Promise<Buffer> {
  const snapshot = await pullModel({
    ...{ repository: content.repository, hubFolder: join(folder, 'hub'), minFreeDiskBytes: 0 },
    ...{ signal: new AbortController().signal, onProgress: () => undefined },
    limits: { idleMs: 5000, fruitlessAttempts: 1, retryDelayMs: 1 },
    ...request,
  });
  return readFile(join(snapshot, 'model.safetensors'));
}

async function startTlsHub({ days = 2, fault = {} }: { readonly days?: number; readonly fault?: HubFault } = {}) {
  const { key, cert } = makeCertificate(folder, { days });
  const hub = await startHub(fault, { tls: { key: await readFile(key, 'utf8'), cert: await readFile(cert, 'utf8') } });
  return { hub, cert };
}

test('a pull goes through the proxy in the settings', async () => {
  const [hub, proxy] = [await startHub(), await startProxy()];
  expect(await pull({ endpoint: hub.endpoint, proxy: proxy.address })).toEqual(files['model.safetensors']);
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(hub.endpoint).host]));
});

test('HTTP_PROXY is the proxy, except for what NO_PROXY names', async () => {
  const [hub, proxy] = [await startHub(), await startProxy()];
  process.env['HTTP_PROXY'] = proxy.address;
  process.env['NO_PROXY'] = 'localhost,127.0.0.1';
  await pull({ endpoint: hub.endpoint });
  expect(proxy.asked).toEqual([]);
  process.env['NO_PROXY'] = '.example.com';
  await pull({ endpoint: hub.endpoint });
  expect(proxy.asked.length).toBeGreaterThan(0);
});

test.each([
  ['10.0.0.0/8, 127.0.0.0/8', true],
  ['127.0.0.1/32', true],
  ['10.0.0.0/8 ::1/128', false],
  ['127.0.0.0/99 127.0.0/8', false],
])('NO_PROXY may name networks: %s', async (noProxy, isExempt) => {
  const [hub, proxy] = [await startHub(), await startProxy()];
  process.env['HTTP_PROXY'] = proxy.address;
  process.env['NO_PROXY'] = noProxy;
  expect(await pull({ endpoint: hub.endpoint })).toEqual(files['model.safetensors']);
  expect(proxy.asked.length === 0).toBe(isExempt);
});

test('a proxy without http:// is one of http, and ALL_PROXY is the proxy of every address', async () => {
  const [hub, proxy] = [await startHub(), await startProxy()];
  for (const name of ['HTTP_PROXY', 'ALL_PROXY']) {
    process.env[name] = proxy.host;
    const { length } = proxy.asked;
    await pull({ endpoint: hub.endpoint, hubFolder: join(folder, name) });
    expect(proxy.asked.length).toBeGreaterThan(length);
    delete process.env[name];
  }
});

test('a proxy that wants a password says so, and gets the one in its address', async () => {
  const [hub, proxy] = [await startHub(), await startProxy({ credentials: 'me:secret' })];
  const refused = await pull({ endpoint: hub.endpoint, proxy: `http://me:wrong@${proxy.host}` }).catch(
    (error) => error,
  );
  expect(refused).toMatchObject({
    code: 'PROXY_FAILED',
    message: `The proxy ${proxy.host} wants a user name and a password.`,
    hint: expect.stringContaining('http://user:password@host:port'),
  });
  expect(await pull({ endpoint: hub.endpoint, proxy: proxy.address })).toEqual(files['model.safetensors']);
});

test('a proxy that is not there, or does not connect, is named', async () => {
  const [hub, proxy] = [await startHub(), await startProxy({ refusal: 503 })];
  const { host } = new URL(hub.endpoint);
  await expect(pull({ endpoint: hub.endpoint, proxy: proxy.address })).rejects.toMatchObject({
    code: 'PROXY_FAILED',
    message: `Expected the proxy ${proxy.host} to connect to ${host}, got status 503.`,
  });
  await expect(pull({ endpoint: hub.endpoint, proxy: 'http://127.0.0.1:1' })).rejects.toMatchObject({
    code: 'PROXY_FAILED',
    message: 'Expected an answer from the proxy 127.0.0.1:1, but it refused the connection.',
  });
  process.env['HTTPS_PROXY'] = 'no address with p4ssw0rd';
  const invalid = await pull({ endpoint: hub.endpoint }).catch((error) => error);
  expect(invalid).toMatchObject({ code: 'SETTINGS_INVALID', message: expect.not.stringContaining('p4ssw0rd') });
});

test('a certificate that nobody vouches for is refused, until its authority is named', async () => {
  const { hub, cert } = await startTlsHub();
  await expect(pull({ endpoint: hub.endpoint })).rejects.toMatchObject({
    code: 'CERTIFICATE_UNTRUSTED',
    message: expect.stringMatching(/to show a certificate to trust, but its certificate is not trusted\.$/),
  });
  expect(await pull({ endpoint: hub.endpoint, certificates: cert })).toEqual(files['model.safetensors']);
  execFileSync('mkfifo', [join(folder, 'pipe.pem')]);
  for (const certificates of [join(folder, 'pipe.pem'), '/dev/zero']) {
    await expect(pull({ endpoint: hub.endpoint, certificates })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: `Expected certificates in ${certificates}, but it is no file.`,
    });
  }
  await expect(pull({ endpoint: hub.endpoint, certificates: join(folder, 'none.pem') })).rejects.toMatchObject({
    code: 'SETTINGS_INVALID',
    message: expect.stringContaining('it does not exist'),
  });
});

test('a file without certificates is told, and not passed over', async () => {
  const { hub } = await startTlsHub();
  const certificates = join(folder, 'company.pem');
  for (const content of ['hello', '-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n', '']) {
    await writeFile(certificates, content);
    await expect(pull({ endpoint: hub.endpoint, certificates })).rejects.toMatchObject({
      code: 'SETTINGS_INVALID',
      message: `Expected certificates in ${certificates}, got none that can be read.`,
    });
  }
});

test('a certificate that has expired is told, with what helps', async () => {
  const { hub, cert } = await startTlsHub({ days: -1 });
  await expect(pull({ endpoint: hub.endpoint, certificates: cert })).rejects.toMatchObject({
    code: 'CERTIFICATE_UNTRUSTED',
    message: expect.stringContaining('its certificate has expired'),
    hint: expect.stringContaining('Check the date of this machine'),
  });
});

test('a Hub without encryption at an address with it is told', async () => {
  const hub = await startHub();
  const endpoint = hub.endpoint.replace('http:', 'https:');
  await expect(pull({ endpoint })).rejects.toMatchObject({
    code: 'HUB_UNREACHABLE',
    message: `Expected an answer from ${new URL(endpoint).host}, but it answers without encryption.`,
    hint: expect.stringContaining('http://'),
  });
});

test('a Hub with encryption that sends on to a place without it is refused', async () => {
  const plain = await startHub();
  const { hub, cert } = await startTlsHub({ fault: { location: `${plain.endpoint}/elsewhere/config.json` } });
  await expect(pull({ endpoint: hub.endpoint, certificates: cert })).rejects.toMatchObject({
    code: 'HUB_INVALID',
    message: expect.stringMatching(/got a redirection to 127\.0\.0\.1:\d+ without encryption\.$/),
  });
  expect(plain.asked).toEqual([]);
});

test('a proxy is asked for a connection with encryption, and sees none of it', async () => {
  const [{ hub, cert }, proxy] = [await startTlsHub(), await startProxy()];
  process.env['HTTPS_PROXY'] = proxy.address;
  expect(await pull({ endpoint: hub.endpoint, certificates: cert })).toEqual(files['model.safetensors']);
  expect(new Set(proxy.asked)).toEqual(new Set([new URL(hub.endpoint).host]));
});

test.each(['everything', 'files'] as const)("a hotel's page in place of %s is recognised", async (page) => {
  const hub = await startHub({ page });
  await expect(pull({ endpoint: hub.endpoint })).rejects.toMatchObject({
    code: 'NETWORK_LOGIN_NEEDED',
    message: expect.stringMatching(/^Expected a file from 127\.0\.0\.1:\d+, got a web page\.$/),
  });
});

test('a mirror may have a path, and a password that no other host gets', async () => {
  const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`;
  const hub = await startHub({}, { place: '/api/models/remote' });
  expect(await pull({ endpoint: `${hub.endpoint}/` })).toEqual(files['model.safetensors']);
  await rm(join(folder, 'hub'), { recursive: true });
  const guarded = await startHub({}, { place: '/hub', authorization });
  const endpoint = guarded.endpoint.replace('://', '://me:secret@');
  await expect(pull({ endpoint: guarded.endpoint })).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  await pull({ endpoint });
});

test('with the network off, nobody is asked', async () => {
  const hub = await startHub();
  await expect(pull({ endpoint: hub.endpoint, network: 'off' })).rejects.toMatchObject({ code: 'NETWORK_OFF' });
  expect(hub.asked).toEqual([]);
});
