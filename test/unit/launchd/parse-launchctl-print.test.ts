import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLaunchctlPrint } from '../../../launchd/src/parse-launchctl-print.ts';

const running = `gui/501/local.hearth.daemon = {
	active count = 1
	path = /Users/ada/Library/LaunchAgents/local.hearth.daemon.plist
	type = LaunchAgent
	state = running

	program = /opt/homebrew/opt/hearth/libexec/node
	arguments = {
		/opt/homebrew/opt/hearth/libexec/node
		pid = 7
	}

	inherited environment = {
		SSH_AUTH_SOCK => /private/tmp/com.apple.launchd.x/Listeners
	}

	domain = gui/501 [100005]
	minimum runtime = 10
	exit timeout = 20
	runs = 3
	pid = 4242
	immediate reason = semaphore
	last exit code = 1

	resource coalition = {
		ID = 1089
		state = active
		pid = 9
	}
}
`;

test('a running service is read, and nested blocks that repeat its names are passed over', () => {
  expect(parseLaunchctlPrint(running)).toEqual({
    state: 'running',
    processId: 4242,
    lastExitCode: 1,
    lastSignal: null,
  });
});

test.each([
  ['last exit code = (never exited)', { lastExitCode: null, lastSignal: null }],
  ['last exit code = 78: EX_CONFIG', { lastExitCode: 78, lastSignal: null }],
  ['last exit code = 0', { lastExitCode: 0, lastSignal: null }],
  ['last terminating signal = Killed: 9', { lastExitCode: null, lastSignal: 'Killed: 9' }],
])('%s', (line, expected) => {
  expect(parseLaunchctlPrint(`x = {\n\tstate = not running\n\t${line}\n}\n`)).toMatchObject({
    state: 'not running',
    processId: null,
    ...expected,
  });
});

test('a form that nobody has seen yet loses fields and nothing else', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(Object.keys(parseLaunchctlPrint(text))).toHaveLength(4);
    }),
  );
  const indented = running.replaceAll('\t', '    ').replaceAll('pid = 4242', 'pid = 4242 ');
  expect(parseLaunchctlPrint(indented).processId).toBe(4242);
});
