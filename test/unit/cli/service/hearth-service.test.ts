import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serviceDefinition, withheldProxies } from '../../../../daemon/src/cli/service/hearth-service.ts';

const before = { ...process.env };

beforeEach(() => {
  process.env['HEARTH_HOME'] = '/somewhere';
  process.env['HEARTH_THREADS'] = '3';
  delete process.env['HEARTH_FFMPEG'];
});

afterEach(() => {
  process.env = { ...before };
});

test('a service gets the home, and no setting, of the environment that it is made in', () => {
  const { environment } = serviceDefinition();
  expect(environment).toMatchObject({ HEARTH_HOME: '/somewhere', PATH: expect.stringContaining('/opt/homebrew/bin') });
  expect(Object.keys(environment)).not.toContain('HEARTH_THREADS');
  expect(Object.keys(environment)).not.toContain('HEARTH_FFMPEG');
});

test('a service gets the ffmpeg that was chosen', () => {
  process.env['HEARTH_FFMPEG'] = '/opt/own/ffmpeg';
  expect(serviceDefinition().environment).toMatchObject({ HEARTH_FFMPEG: '/opt/own/ffmpeg' });
});

test('a service gets the proxy and the certificates of the shell, but no password', () => {
  Object.assign(process.env, {
    ...{ HTTPS_PROXY: 'http://proxy.example:3128', no_proxy: 'localhost', SSL_CERT_FILE: '/etc/company.pem' },
    ...{ http_proxy: 'http://me:secret@proxy.example:3128', all_proxy: 'me:secret@proxy.example:3128' },
    NODE_EXTRA_CA_CERTS: 'company@home.pem',
  });
  const { environment } = serviceDefinition();
  expect(environment).toMatchObject({ HTTPS_PROXY: 'http://proxy.example:3128', no_proxy: 'localhost' });
  expect(environment['SSL_CERT_FILE']).toBe('/etc/company.pem');
  // The service is started in another folder.
  expect(environment['NODE_EXTRA_CA_CERTS']).toBe(join(process.cwd(), 'company@home.pem'));
  expect(JSON.stringify(environment)).not.toContain('secret');
  expect(withheldProxies()).toEqual(['http_proxy', 'all_proxy']);
});
