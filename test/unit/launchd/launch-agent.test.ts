import { expect, test } from '@jest/globals';
import { buildLaunchAgent } from '../../../launchd/src/launch-agent.ts';
import type { ServiceDefinition } from '../../../launchd/src/service.ts';
import { readPlist } from './read-plist.ts';

const definition: ServiceDefinition = {
  command: ['/opt/hearth/bin/node', '--flag', '/opt/hearth/daemon/dist/server/main.js'],
  environment: { PATH: '/usr/bin:/bin', HEARTH_HOME: '/Users/ada/Library/Application Support/Hearth' },
  workingFolder: '/Users/ada/Library/Application Support/Hearth',
  outputFile: '/Users/ada/Library/Application Support/Hearth/logs/output.log',
};

/** The keys of launchd.plist(5) that an agent may have, and their types there; launchd passes over what it does not know. */
const keyTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  Label: isString,
  ProgramArguments: isListOfStrings,
  EnvironmentVariables: isDictionaryOfStrings,
  WorkingDirectory: isString,
  StandardOutPath: isString,
  StandardErrorPath: isString,
  RunAtLoad: isBoolean,
  KeepAlive: (value) =>
    isBoolean(value) ||
    Object.entries(value as object).every(([key, on]) => keepAliveKeys.includes(key) && isBoolean(on)),
  ThrottleInterval: Number.isInteger,
  ExitTimeOut: Number.isInteger,
  ProcessType: (value) => ['Background', 'Standard', 'Adaptive', 'Interactive'].includes(String(value)),
  LimitLoadToSessionType: (value) =>
    ['Aqua', 'Background', 'LoginWindow', 'StandardIO', 'System'].includes(String(value)),
  Umask: Number.isInteger,
  SoftResourceLimits: (value) =>
    Object.entries(value as object).every(([key, limit]) => limitKeys.includes(key) && Number.isInteger(limit)),
};
const keepAliveKeys = ['SuccessfulExit', 'Crashed', 'NetworkState', 'AfterInitialDemand'];
const limitKeys = ['Core', 'CPU', 'Data', 'FileSize', 'MemoryLock', 'NumberOfFiles', 'NumberOfProcesses', 'Stack'];

function isString(value: unknown): boolean {
  return typeof value === 'string';
}
function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}
function isListOfStrings(value: unknown): boolean {
  return Array.isArray(value) && value.every(isString);
}
function isDictionaryOfStrings(value: unknown): boolean {
  return Object.values(value as object).every(isString);
}

function agent(changes: Partial<ServiceDefinition> = {}): Record<string, unknown> {
  return readPlist(buildLaunchAgent('local.hearth.daemon', { ...definition, ...changes })) as Record<string, unknown>;
}

test('every key is one of launchd.plist(5) and has its type', () => {
  const wrong = Object.entries(agent()).filter(([key, value]) => keyTypes[key]?.(value) !== true);
  expect(wrong).toEqual([]);
});

test('the agent runs the daemon at full speed, brings it back when it fails and leaves it ended when it ended well', () => {
  expect(agent()).toEqual({
    Label: 'local.hearth.daemon',
    ProgramArguments: definition.command,
    EnvironmentVariables: { ...definition.environment, HEARTH_SERVICE_MANAGER: 'launchd' },
    WorkingDirectory: definition.workingFolder,
    StandardOutPath: definition.outputFile,
    StandardErrorPath: definition.outputFile,
    RunAtLoad: true,
    KeepAlive: { SuccessfulExit: false },
    ThrottleInterval: 10,
    ExitTimeOut: 20,
    ProcessType: 'Interactive',
    LimitLoadToSessionType: 'Aqua',
    Umask: 0o077,
    SoftResourceLimits: { NumberOfFiles: 4096 },
  });
});

test.each(['R&D <new>', `"Ada's"`, 'Überblick 音声', 'a]]>b', 'tab\there'])(
  'a folder named %j survives the property list',
  (name) => {
    expect(agent({ workingFolder: `/Users/ada/${name}` })['WorkingDirectory']).toBe(`/Users/ada/${name}`);
  },
);
