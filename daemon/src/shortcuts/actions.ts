import type { PlistValue } from 'plist';
import { stableUuid } from '../mac/stable-uuid.ts';

/** A step of a shortcut, in the Shortcuts app's format. */
export interface Action {
  readonly WFWorkflowActionIdentifier: string;
  readonly WFWorkflowActionParameters: Readonly<Record<string, PlistValue>>;
}

/** Where a step takes a value from. */
export type Source = Readonly<Record<string, PlistValue>>;

/** The input of the shortcut. */
export const shortcutInput: Source = { Type: 'ExtensionInput' };
/** The current item of a `repeatEach`. */
export const repeatItem: Source = { Type: 'Variable', VariableName: 'Repeat Item' };

const placeholder = '\u{fffc}';

/** Uses the output of an earlier step; the app shows `name`. */
export function outputOf(step: Action, name: string): Source {
  return { Type: 'ActionOutput', OutputName: name, OutputUUID: step.WFWorkflowActionParameters['UUID'] as string };
}

/** Runs a script with the input's paths as arguments. What it prints is the step's output. */
export function runShellScript(key: string, { script, input }: { script: string; input: Source }): Action {
  return action('runshellscript', {
    UUID: stableUuid(key),
    Shell: '/bin/zsh',
    Script: script,
    InputMode: 'as arguments',
    Input: attachment(input),
  });
}

/** Records the microphone until the user taps it. */
export function recordAudio(key: string): Action {
  return action('recordaudio', {
    UUID: stableUuid(key),
    WFRecordingCompression: 'Normal',
    WFRecordingStart: 'Immediately',
    WFRecordingEnd: 'On Tap',
  });
}

export function setClipboard(input: Source): Action {
  return action('setclipboard', { WFInput: attachment(input) });
}

export function showNotification({ title, body }: { title: string; body: Source }): Action {
  return action('notification', {
    WFNotificationActionTitle: title,
    WFNotificationActionBody: textWith(body),
    WFNotificationActionSound: false,
  });
}

/** Sets a file name: the name of `source`, then `ending`. */
export function setName(
  key: string,
  { input, source, ending }: { input: Source; source: Source; ending: string },
): Action {
  const name = { ...source, Aggrandizements: [{ Type: 'WFPropertyVariableAggrandizement', PropertyName: 'Name' }] };
  return action('setitemname', { UUID: stableUuid(key), WFInput: attachment(input), WFName: textWith(name, ending) });
}

/** Saves a file where the user chooses. The file is the step's output. */
export function saveFile(key: string, input: Source): Action {
  return action('documentpicker.save', { UUID: stableUuid(key), WFInput: attachment(input), WFAskWhereToSave: true });
}

/** Runs `steps` for each item of `input`. */
export function repeatEach(
  key: string,
  { input, steps }: { input: Source; steps: readonly Action[] },
): readonly Action[] {
  // The group must be among the parameters; next to them, the importer drops the block.
  const group = { GroupingIdentifier: stableUuid(`${key} group`) };
  const head = action('repeat.each', { ...group, WFControlFlowMode: 0, WFInput: attachment(input) });
  return [head, ...steps, action('repeat.each', { ...group, UUID: stableUuid(key), WFControlFlowMode: 2 })];
}

/** Ends the shortcut with a text as its result, or copies it to the clipboard if nothing uses the result. */
export function stopAndOutput(output: Source): Action {
  return action('output', {
    WFOutput: textWith(output),
    WFResponse: textWith(output),
    WFNoOutputSurfaceBehavior: 'Copy to Clipboard',
  });
}

function action(name: string, parameters: Readonly<Record<string, PlistValue>>): Action {
  return { WFWorkflowActionIdentifier: `is.workflow.actions.${name}`, WFWorkflowActionParameters: parameters };
}

function attachment(source: Source): PlistValue {
  return { Value: { ...source }, WFSerializationType: 'WFTextTokenAttachment' };
}

function textWith(source: Source, ending = ''): PlistValue {
  return {
    Value: { string: placeholder + ending, attachmentsByRange: { '{0, 1}': { ...source } } },
    WFSerializationType: 'WFTextTokenString',
  };
}
