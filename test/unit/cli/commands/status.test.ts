import type { ServiceStatus } from '@hearth/launchd';
import { expect, test } from '@jest/globals';
import { lineOf } from '../../../../daemon/src/cli/commands/doctor.ts';
import { statusText } from '../../../../daemon/src/cli/commands/status.ts';
import { health } from '../../../stand-ins/daemon.ts';

test('a healthy daemon is told in seven lines', () => {
  expect(statusText({ health: { ...health, processId: 42 }, service: null, socketPath: '/home/ada/hearth.sock' })).toBe(
    [
      'Hearth   0.1.0, ok',
      'Process  42, up 1 min',
      'Engine   ready, whisper-base-4bit',
      'Jobs     1 running, 0 queued',
      'Service  none; `hearth install` starts Hearth at every login',
      'Socket   /home/ada/hearth.sock',
      'TCP      off',
      '',
    ].join('\n'),
  );
});

test('a TCP address that is listened on is told', () => {
  expect(statusText({ health: { ...health, listen: '127.0.0.1:8123' }, service: null, socketPath: '' })).toContain(
    'TCP      127.0.0.1:8123\n',
  );
});

const service: ServiceStatus = {
  ...{ manager: 'launchd', name: 'local.hearth.daemon', installed: true, loaded: true, processId: process.pid },
  ...{ lastExitCode: 0, lastSignal: null, advice: null },
};

test('an engine that fails tells how often it was restarted and why', () => {
  const lastError = { code: 'MODEL_INVALID', message: 'Expected config.json, got nothing.', hint: '' } as const;
  const engine = { ...health.engine, status: 'failed', model: null, restarts: 3, lastError } as const;
  const text = statusText({
    health: { ...health, status: 'degraded', uptimeSeconds: 7300, engine },
    service,
    socketPath: '',
  });
  expect(text).toContain('Engine   failed, 3 restarts, Expected config.json, got nothing.\n');
  expect(text).toContain('up 2 h 1 min');
});

test('a service that runs the daemon is named, and one that does not is told apart', () => {
  expect(statusText({ health, service, socketPath: '' })).toContain('Service  launchd, local.hearth.daemon\n');
  const idle = { ...service, processId: null, advice: 'It ended with exit code 1.' };
  expect(statusText({ health, service: idle, socketPath: '' })).toContain(
    'which did not start this daemon; `hearth restart` changes that, It ended with exit code 1.\n',
  );
});

test('what keeps the daemon from working as it should is told once, with what to do about it', () => {
  const lastError = { code: 'MODEL_INVALID', message: 'Expected weights.', hint: 'Get another.' } as const;
  const gone = {
    code: 'MODEL_NOT_FOUND',
    message: 'The model base is no longer on disk.',
    hint: 'Bring it back.',
  } as const;
  const engine = { ...health.engine, status: 'failed', lastError } as const;
  const text = statusText({
    health: { ...health, engine, problems: [lastError, gone] },
    service: null,
    socketPath: '',
  });
  expect(text).toContain('Problem  The model base is no longer on disk. Bring it back.\n');
  expect(text.match(/Expected weights/g)).toHaveLength(1);
});

test('names in warnings and problems cannot reach the terminal, here and in what the doctor finds', () => {
  const esc = '\u001b]0;pwn\u0007\u202e\u009b31m\n';
  const problem = { code: 'HOME_DAMAGED', message: `In ${esc}`, hint: `Look at ${esc}` } as const;
  const text = statusText({
    health: { ...health, warnings: [`In ${esc}`], problems: [problem] },
    service: null,
    socketPath: '',
  });
  const line = lineOf({ part: 'daemon', state: 'warning', found: `In ${esc}`, advice: `Look at ${esc}` });
  const shown = String.raw`\x1b]0;pwn\x07\u202e\x9b31m\n`;
  expect(text).toContain(`Problem  In ${shown} Look at ${shown}\nWarning  In ${shown}\n`);
  expect(line).toBe(`warn  daemon      In ${shown}\n${' '.repeat(18)}Look at ${shown}\n`);
});
