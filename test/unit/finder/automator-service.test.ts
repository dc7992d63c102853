import { expect, test } from '@jest/globals';
import { buildAutomatorService } from '../../../daemon/src/finder/automator-service.ts';
import { readPlist } from '../launchd/read-plist.ts';

const script = 'for each in "$@"; do echo "<$each> & more"; done\n';
const service = { title: 'Transcribe & <more>', identifier: 'local.hearth.finder.transcribe', script };

function read(name: string): unknown {
  return readPlist(buildAutomatorService(service)[name] as string);
}

test('a bundle has the two files that Automator writes', () => {
  expect(Object.keys(buildAutomatorService(service))).toEqual(['Contents/Info.plist', 'Contents/document.wflow']);
});

test('the entry is there for recordings and films in Finder, among the Quick Actions', () => {
  expect(read('Contents/Info.plist')).toMatchObject({
    CFBundleIdentifier: 'local.hearth.finder.transcribe',
    CFBundleName: 'Transcribe & <more>',
    NSServices: [
      {
        NSBackgroundColorName: 'background',
        NSIconName: 'NSActionTemplate',
        NSMenuItem: { default: 'Transcribe & <more>' },
        NSMessage: 'runWorkflowAsService',
        NSRequiredContext: { NSApplicationIdentifier: 'com.apple.finder' },
        NSSendFileTypes: ['public.audio', 'public.movie'],
      },
    ],
  });
});

test('the workflow is one shell script that gets the files as arguments', () => {
  expect(read('Contents/document.wflow')).toMatchObject({
    AMDocumentVersion: '2',
    actions: [
      {
        action: {
          ActionBundlePath: '/System/Library/Automator/Run Shell Script.action',
          BundleIdentifier: 'com.apple.RunShellScript',
          'Class Name': 'RunShellScriptAction',
          ActionParameters: { COMMAND_STRING: script, inputMethod: 1, shell: '/bin/sh', source: '' },
        },
      },
    ],
    connectors: {},
    workflowMetaData: {
      serviceInputTypeIdentifier: 'com.apple.Automator.fileSystemObject',
      serviceOutputTypeIdentifier: 'com.apple.Automator.nothing',
      workflowTypeIdentifier: 'com.apple.Automator.servicesMenu',
    },
  });
});

test('every parameter of the action is declared and described', () => {
  const { actions } = read('Contents/document.wflow') as {
    actions: [
      { action: { AMParameterProperties: object; ActionParameters: object; arguments: Record<string, object> } },
    ];
  };
  const { AMParameterProperties, ActionParameters, arguments: described } = actions[0].action;
  const names = Object.keys(ActionParameters).sort();
  expect(Object.keys(AMParameterProperties).sort()).toEqual(names);
  expect(
    Object.values(described)
      .map((each) => (each as { name: string }).name)
      .sort(),
  ).toEqual(names);
});
