import { expect, test } from '@jest/globals';
import { statusText } from '../../../daemon/src/cli/status-text.ts';
import { health } from '../../stand-ins/daemon.ts';

test('a healthy daemon is told in five lines', () => {
  expect(statusText({ health: { ...health, processId: 42 }, socketPath: '/home/ada/hearth.sock' })).toBe(
    [
      'Hearth   0.1.0, ok',
      'Process  42, up 1 min',
      'Engine   ready, whisper-base-4bit',
      'Jobs     1 running, 0 queued',
      'Socket   /home/ada/hearth.sock',
      '',
    ].join('\n'),
  );
});

test('an engine that fails tells how often it was restarted and why', () => {
  const lastError = { code: 'MODEL_INVALID', message: 'Expected config.json, got nothing.', hint: '' } as const;
  const engine = { ...health.engine, status: 'failed', model: null, restarts: 3, lastError } as const;
  const text = statusText({ health: { ...health, status: 'degraded', uptimeSeconds: 7300, engine }, socketPath: '' });
  expect(text).toContain('Engine   failed, 3 restarts, Expected config.json, got nothing.\n');
  expect(text).toContain('up 2 h 1 min');
});
