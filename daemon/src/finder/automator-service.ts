import { build, type PlistValue } from 'plist';
import { stableUuid } from '../mac/stable-uuid.ts';

export interface AutomatorService {
  /** The menu entry's title. */
  readonly title: string;
  readonly identifier: string;
  /** Run by `/bin/sh` with the selected files as its arguments. */
  readonly script: string;
}

/** File types for which the menu entry appears. */
const fileTypes = ['public.audio', 'public.movie'];
const finder = 'com.apple.finder';
const icon = 'NSActionTemplate';
/** The only action of the workflow. It is part of macOS. */
const actionBundle = '/System/Library/Automator/Run Shell Script.action';
const actionVersion = '2.0.3';
/** `inputMethod` of that action: the input arrives as arguments. */
const asArguments = 1;

/** The action's parameters, in its order, with their values in a new action. */
const defaults: readonly (readonly [string, PlistValue])[] = [
  ['inputMethod', 0],
  ['CheckedForUserDefaultShell', false],
  ['source', ''],
  ['COMMAND_STRING', ''],
  ['shell', '/bin/sh'],
];

/** The two files of a `.workflow` bundle in ~/Library/Services, by their path inside it. */
export function buildAutomatorService(service: AutomatorService): Readonly<Record<string, string>> {
  return {
    'Contents/Info.plist': xml(infoPlist(service)),
    'Contents/document.wflow': xml(workflow(service)),
  };
}

function infoPlist({ title, identifier }: AutomatorService): PlistValue {
  return {
    CFBundleIdentifier: identifier,
    CFBundleName: title,
    CFBundlePackageType: 'BNDL',
    CFBundleShortVersionString: '1.0',
    CFBundleVersion: '1',
    NSServices: [
      {
        // With these two, the entry appears under Quick Actions; without them, directly in the menu.
        NSBackgroundColorName: 'background',
        NSIconName: icon,
        NSMenuItem: { default: title },
        NSMessage: 'runWorkflowAsService',
        NSRequiredContext: { NSApplicationIdentifier: finder },
        NSSendFileTypes: fileTypes,
      },
    ],
  };
}

function workflow({ identifier, script }: AutomatorService): PlistValue {
  const files = 'com.apple.Automator.fileSystemObject';
  const nothing = 'com.apple.Automator.nothing';
  return {
    AMApplicationBuild: '521',
    AMApplicationVersion: '2.10',
    AMDocumentVersion: '2',
    actions: [{ action: shellAction({ identifier, script }), isViewVisible: 1 }],
    connectors: {},
    workflowMetaData: {
      applicationBundleIDsByPath: {},
      applicationPaths: [],
      inputTypeIdentifier: files,
      outputTypeIdentifier: nothing,
      presentationMode: 15,
      processesInput: 0,
      serviceApplicationBundleID: finder,
      serviceApplicationPath: '/System/Library/CoreServices/Finder.app',
      serviceInputTypeIdentifier: files,
      serviceOutputTypeIdentifier: nothing,
      serviceProcessesInput: 0,
      systemImageName: icon,
      useAutomaticInputType: 0,
      workflowTypeIdentifier: 'com.apple.Automator.servicesMenu',
    },
  };
}

function shellAction({ identifier, script }: Pick<AutomatorService, 'identifier' | 'script'>): PlistValue {
  const strings = { Container: 'List', Types: ['com.apple.cocoa.string'] };
  const parameters = {
    COMMAND_STRING: script,
    CheckedForUserDefaultShell: true,
    inputMethod: asArguments,
    shell: '/bin/sh',
    source: '',
  };
  return {
    AMAccepts: { ...strings, Optional: true },
    AMActionVersion: actionVersion,
    AMApplication: ['Automator'],
    AMParameterProperties: Object.fromEntries(defaults.map(([name]) => [name, {}])),
    AMProvides: strings,
    ActionBundlePath: actionBundle,
    ActionName: 'Run Shell Script',
    ActionParameters: parameters,
    BundleIdentifier: 'com.apple.RunShellScript',
    CFBundleVersion: actionVersion,
    CanShowSelectedItemsWhenRun: false,
    CanShowWhenRun: true,
    Category: ['AMCategoryUtilities'],
    'Class Name': 'RunShellScriptAction',
    InputUUID: stableUuid(`${identifier} input`),
    OutputUUID: stableUuid(`${identifier} output`),
    UUID: stableUuid(`${identifier} action`),
    UnlocalizedApplications: ['Automator'],
    arguments: Object.fromEntries(
      defaults.map(([name, value], index) => [String(index), argument(name, value, index)]),
    ),
    isViewVisible: 1,
    location: '309.000000:253.000000',
    nibPath: `${actionBundle}/Contents/Resources/Base.lproj/main.nib`,
  };
}

/** The action's description of one of its parameters. */
function argument(name: string, value: PlistValue, index: number): PlistValue {
  return { 'default value': value, name, required: '0', type: '0', uuid: String(index) };
}

function xml(value: PlistValue): string {
  return `${build(value)}\n`;
}
