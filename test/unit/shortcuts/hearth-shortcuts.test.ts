import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { buildShortcut, type Shortcut } from '../../../daemon/src/shortcuts/build-shortcut.ts';
import { hearthShortcuts } from '../../../daemon/src/shortcuts/hearth-shortcuts.ts';
import { readPlist } from '../launchd/read-plist.ts';

interface Action {
  readonly WFWorkflowActionIdentifier: string;
  readonly WFWorkflowActionParameters: Readonly<Record<string, unknown>>;
}
interface Workflow {
  readonly [key: string]: unknown;
  readonly WFWorkflowActions: readonly Action[];
}

const launcher = '/opt/homebrew/opt/hearth/libexec/hearth';

/** The actions that we use and the parameters that the app gives them, from what people have exported from it. */
const parametersOf: Readonly<Record<string, readonly string[]>> = {
  'is.workflow.actions.runshellscript': ['UUID', 'Shell', 'Script', 'InputMode', 'Input'],
  'is.workflow.actions.output': ['WFOutput', 'WFResponse', 'WFNoOutputSurfaceBehavior'],
  'is.workflow.actions.repeat.each': ['GroupingIdentifier', 'UUID', 'WFControlFlowMode', 'WFInput'],
  'is.workflow.actions.setitemname': ['UUID', 'WFInput', 'WFName'],
  'is.workflow.actions.documentpicker.save': ['UUID', 'WFInput', 'WFAskWhereToSave'],
  'is.workflow.actions.recordaudio': ['UUID', 'WFRecordingCompression', 'WFRecordingStart', 'WFRecordingEnd'],
  'is.workflow.actions.setclipboard': ['WFInput'],
  'is.workflow.actions.notification': [
    'WFNotificationActionTitle',
    'WFNotificationActionBody',
    'WFNotificationActionSound',
  ],
};

/** The keys around them, and the types that they have in exported shortcuts. */
const envelope: Readonly<Record<string, string>> = {
  WFWorkflowName: 'string',
  WFWorkflowActions: 'array',
  WFWorkflowClientVersion: 'string',
  WFWorkflowMinimumClientVersion: 'number',
  WFWorkflowMinimumClientVersionString: 'string',
  WFWorkflowIcon: 'object',
  WFWorkflowImportQuestions: 'array',
  WFWorkflowTypes: 'array',
  WFQuickActionSurfaces: 'array',
  WFWorkflowInputContentItemClasses: 'array',
  WFWorkflowOutputContentItemClasses: 'array',
  WFWorkflowHasShortcutInputVariables: 'boolean',
  WFWorkflowHasOutputFallback: 'boolean',
  WFWorkflowNoInputBehavior: 'object',
};

function read(shortcut: Shortcut): Workflow {
  const file = buildShortcut(shortcut);
  expect(Buffer.from(file.subarray(0, 8)).toString()).toBe('bplist00');
  return readPlist(file) as Workflow;
}

function named(name: string): Workflow {
  return read(hearthShortcuts(launcher).find((shortcut) => shortcut.name === name) as Shortcut);
}

function stepsOf(workflow: Workflow): string[] {
  return workflow.WFWorkflowActions.map((action) =>
    action.WFWorkflowActionIdentifier.replace('is.workflow.actions.', ''),
  );
}

/** Every place in a step where it takes the output of another. */
function outputsTaken(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = (value as { OutputUUID?: string }).OutputUUID;
  return [...(own === undefined ? [] : [own]), ...Object.values(value).flatMap(outputsTaken)];
}

describe.each(hearthShortcuts(launcher).map((shortcut) => [shortcut.name, shortcut] as const))(
  '%s',
  (_name, shortcut) => {
    test('has the envelope of an exported shortcut', () => {
      const workflow = read(shortcut);
      const types = Object.entries(workflow).map(([key, value]) => [
        key,
        Array.isArray(value) ? 'array' : typeof value,
      ]);
      expect(types.filter(([key, type]) => envelope[key as string] !== type)).toEqual([]);
      expect(workflow['WFWorkflowIcon']).toEqual({
        WFWorkflowIconGlyphNumber: 61440,
        WFWorkflowIconStartColor: 0xff9350ff,
      });
    });

    test('has known actions with their parameters, and each takes what an earlier one gave', () => {
      const given = new Set<string>();
      for (const action of read(shortcut).WFWorkflowActions) {
        const parameters = action.WFWorkflowActionParameters;
        expect(Object.keys(action)).toHaveLength(2);
        const known = parametersOf[action.WFWorkflowActionIdentifier] ?? [];
        expect(Object.keys(parameters).filter((key) => !known.includes(key))).toEqual([]);
        expect(outputsTaken(parameters).filter((uuid) => !given.has(uuid))).toEqual([]);
        const uuid = parameters['UUID'];
        if (typeof uuid !== 'string') continue;
        expect(uuid).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-A[0-9A-F]{3}-[0-9A-F]{12}$/);
        expect(given.has(uuid)).toBe(false);
        given.add(uuid);
      }
    });

    test('is the same file each time', () => {
      expect(buildShortcut(shortcut)).toEqual(buildShortcut(shortcut));
    });

    test('runs the command line, which reads files with the permissions of Shortcuts', () => {
      const scripts = read(shortcut).WFWorkflowActions.flatMap(
        ({ WFWorkflowActionParameters: { Script, InputMode } }) =>
          Script === undefined ? [] : [{ Script, InputMode }],
      );
      expect(scripts).toEqual([
        {
          Script: expect.stringMatching(/^exec '.*\/hearth' transcribe --quiet .*-- "\$@"\n$/),
          InputMode: 'as arguments',
        },
      ]);
    });
  },
);

test('recordings come from Finder, share sheets and Spotlight, and are asked for where there are none', () => {
  for (const name of ['Transcribe Audio', 'Transcribe to Subtitles']) {
    expect(named(name)).toMatchObject({
      WFWorkflowTypes: ['QuickActions', 'ActionExtension', 'WFWorkflowTypeShowInSearch'],
      WFQuickActionSurfaces: ['Finder', 'Services'],
      WFWorkflowInputContentItemClasses: ['WFAVAssetContentItem', 'WFGenericFileContentItem'],
      WFWorkflowHasShortcutInputVariables: true,
      WFWorkflowNoInputBehavior: { Name: 'WFWorkflowNoInputBehaviorAskForInput' },
    });
  }
});

test('Transcribe Audio gives the text, to the clipboard when nobody takes it', () => {
  const workflow = named('Transcribe Audio');
  expect(stepsOf(workflow)).toEqual(['runshellscript', 'output']);
  expect(workflow['WFWorkflowOutputContentItemClasses']).toEqual(['WFStringContentItem']);
  const [script, output] = workflow.WFWorkflowActions.map((action) => action.WFWorkflowActionParameters);
  expect(output).toMatchObject({
    WFNoOutputSurfaceBehavior: 'Copy to Clipboard',
    WFOutput: {
      WFSerializationType: 'WFTextTokenString',
      Value: { string: '\u{fffc}', attachmentsByRange: { '{0, 1}': { OutputUUID: script?.['UUID'] } } },
    },
  });
  expect(script?.['Input']).toEqual({
    Value: { Type: 'ExtensionInput' },
    WFSerializationType: 'WFTextTokenAttachment',
  });
});

test('Transcribe to Subtitles makes a file for each recording, named after it', () => {
  const workflow = named('Transcribe to Subtitles');
  expect(stepsOf(workflow)).toEqual([
    ...['repeat.each', 'runshellscript', 'setitemname', 'documentpicker.save', 'repeat.each'],
  ]);
  const parameters = workflow.WFWorkflowActions.map((action) => action.WFWorkflowActionParameters);
  expect(parameters[0]?.['GroupingIdentifier']).toBe(parameters[4]?.['GroupingIdentifier']);
  expect([parameters[0]?.['WFControlFlowMode'], parameters[4]?.['WFControlFlowMode']]).toEqual([0, 2]);
  expect(parameters[1]).toMatchObject({
    Script: expect.stringContaining(' --format srt '),
    Input: { Value: { Type: 'Variable', VariableName: 'Repeat Item' } },
  });
  expect(parameters[2]).toMatchObject({
    WFName: { Value: { string: '\u{fffc}.srt', attachmentsByRange: { '{0, 1}': { VariableName: 'Repeat Item' } } } },
  });
});

test('Dictate to Clipboard records, copies and says what', () => {
  const workflow = named('Dictate to Clipboard');
  expect(stepsOf(workflow)).toEqual(['recordaudio', 'runshellscript', 'setclipboard', 'notification']);
  expect(workflow['WFWorkflowTypes']).toEqual(['MenuBar', 'WFWorkflowTypeShowInSearch']);
});

test('a path of any kind, and files of any name, reach the command line whole', () => {
  const folder = mkdtempSync(join(tmpdir(), "hearth's $HOME `x` "));
  const program = join(folder, 'hearth');
  writeFileSync(program, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
  const script = hearthShortcuts(program)[0]?.actions[0]?.WFWorkflowActionParameters['Script'] as string;
  const names = ['a b.m4a', '-x.wav', "it's $(touch hacked).mp3"];
  const { stdout } = spawnSync('sh', ['-c', script, 'sh', ...names], { encoding: 'utf8', cwd: folder });
  expect(stdout.trimEnd().split('\n')).toEqual(['transcribe', '--quiet', '--', ...names]);
  rmSync(folder, { recursive: true });
});
