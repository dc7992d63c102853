import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serviceDefinition } from '../../../../daemon/src/cli/service/hearth-service.ts';

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
