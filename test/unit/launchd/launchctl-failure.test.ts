import { expect, test } from '@jest/globals';
import { describeLaunchctlFailure } from '../../../launchd/src/launchctl-failure.ts';

test.each([
  [1, 'SERVICE_FAILED', 'without `sudo`'],
  [5, 'SERVICE_FAILED', 'Wait a minute'],
  [17, 'SERVICE_FAILED', '`hearth uninstall`, then `hearth install`'],
  [36, 'SERVICE_FAILED', 'Try again in a minute'],
  [37, 'SERVICE_FAILED', 'Try again in a minute'],
  [109, 'SERVICE_FAILED', '`hearth install` again'],
  [111, 'SERVICE_FAILED', '`hearth install` again'],
  [112, 'SERVICE_UNAVAILABLE', 'Log in at the screen'],
  [119, 'SERVICE_FAILED', 'Login Items'],
  [122, 'SERVICE_FAILED', '`chmod 644`'],
  [125, 'SERVICE_UNAVAILABLE', 'Log in at the screen'],
  [127, 'SERVICE_UNAVAILABLE', '`hearth serve`'],
  [134, 'SERVICE_UNAVAILABLE', 'Log in at the screen'],
  [150, 'SERVICE_FAILED', '`launchctl error 150`'],
])('exit code %i of launchctl is %s and says what to do', (exitCode, code, advice) => {
  const error = describeLaunchctlFailure('bootstrap', { exitCode, complaint: 'Bootstrap failed' });
  expect(error).toMatchObject({ code, hint: expect.stringContaining(advice) });
  expect(error.message).toBe(`\`launchctl bootstrap\` failed with exit code ${exitCode}: Bootstrap failed.`);
});

test('a launchctl that says nothing is told without an empty quotation', () => {
  expect(describeLaunchctlFailure('bootout', { exitCode: 5, complaint: '' }).message).toBe(
    '`launchctl bootout` failed with exit code 5.',
  );
});
