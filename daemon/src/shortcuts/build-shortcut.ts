import { buildBinary, type PlistValue } from 'plist';
import type { Action } from './actions.ts';

export interface Shortcut {
  readonly name: string;
  /** Whether it takes recordings as input: from Finder, a share sheet or another shortcut. */
  readonly takesRecordings: boolean;
  readonly gives: 'text' | 'files';
  readonly actions: readonly Action[];
}

/** The oldest release of the app with the actions we use; macOS 12 has it. */
const minimumClientVersion = 900;
/** The release whose format this follows. */
const clientVersion = '2607.0.2';
/** The app's own symbol, in orange. */
const icon = { WFWorkflowIconGlyphNumber: 61440, WFWorkflowIconStartColor: 0xff9350ff };

const contentClasses = { text: 'WFStringContentItem', files: 'WFGenericFileContentItem' };
const recordingClasses = ['WFAVAssetContentItem', 'WFGenericFileContentItem'];

/** A `.shortcut` file in the app's format before it is signed: a binary property list. */
export function buildShortcut({ name, takesRecordings, gives, actions }: Shortcut): Uint8Array {
  return buildBinary({
    WFWorkflowName: name,
    WFWorkflowActions: actions as unknown as PlistValue[],
    WFWorkflowClientVersion: clientVersion,
    WFWorkflowMinimumClientVersion: minimumClientVersion,
    WFWorkflowMinimumClientVersionString: String(minimumClientVersion),
    WFWorkflowIcon: icon,
    WFWorkflowImportQuestions: [],
    // Share sheet and Finder; the menu bar; Spotlight.
    WFWorkflowTypes: [
      ...(takesRecordings ? ['QuickActions', 'ActionExtension'] : ['MenuBar']),
      'WFWorkflowTypeShowInSearch',
    ],
    WFQuickActionSurfaces: takesRecordings ? ['Finder', 'Services'] : [],
    WFWorkflowInputContentItemClasses: takesRecordings ? recordingClasses : [],
    WFWorkflowOutputContentItemClasses: [contentClasses[gives]],
    WFWorkflowHasShortcutInputVariables: takesRecordings,
    WFWorkflowHasOutputFallback: gives === 'text',
    ...(takesRecordings && {
      WFWorkflowNoInputBehavior: {
        Name: 'WFWorkflowNoInputBehaviorAskForInput',
        Parameters: { ItemClass: contentClasses.files },
      },
    }),
  });
}
