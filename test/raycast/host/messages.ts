/** A component as plain data; functions are left out, what was given as an element is under `slots`. */
export interface ScreenNode {
  readonly id: number;
  /** As written in the extension: `List.Item`. */
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly slots: Readonly<Record<string, readonly ScreenNode[]>>;
  readonly children: readonly ScreenNode[];
}

export interface ScreenToast {
  readonly style: string;
  readonly title: string;
  readonly message: string | undefined;
  /** Titles of its actions. */
  readonly actions: readonly string[];
}

/** Everything that a person sees of a command, and what it did to their Mac. */
export interface Screen {
  /** The top view; null for a command that has none, or whose window is closed. */
  readonly view: ScreenNode | null;
  /** Views that one can go back to, the top one included. */
  readonly depth: number;
  readonly toast: ScreenToast | null;
  readonly huds: readonly string[];
  readonly pasted: readonly string[];
  readonly clipboard: string | null;
  readonly shownInFinder: readonly string[];
  readonly openedPages: readonly string[];
  readonly launched: readonly string[];
  readonly alerts: readonly string[];
  /** How often the extension's preferences were opened. */
  readonly preferencesOpened: number;
  /** What stands beside the command in root search instead of the manifest's. */
  readonly subtitle: string | null;
  readonly isWindowOpen: boolean;
  /** A command without a view, or a tool, has come to its end. */
  readonly isDone: boolean;
  /** What a tool answered. */
  readonly result: unknown;
  /** What was thrown and caught by nobody. */
  readonly failure: string | null;
}

export interface ClipboardContent {
  readonly text?: string;
  readonly html?: string;
  readonly file?: string;
}

/** What a command is started with. Everything crosses to the worker as plain data. */
export interface Launch {
  /** Name in the manifest; of a tool, `tools/<name>`. */
  readonly command: string;
  readonly userHome: string;
  readonly supportFolder: string;
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly clipboard?: ClipboardContent;
  /** Null where Finder is not in front, which Raycast answers with an exception. */
  readonly finderSelection?: readonly string[] | null;
  readonly fallbackText?: string;
  /** What a tool is called with. */
  readonly input?: unknown;
  /** What the person answers to alerts. */
  readonly confirms?: boolean;
  /** Programs of macOS, by their absolute path, and what stands in for them. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Folders that macOS keeps Raycast from. */
  readonly refusedFolders?: readonly string[];
  /** Whether files can be cloned, as on APFS and not on ext4. */
  readonly clones?: boolean;
}

/** What a person does. */
export type Gesture =
  /** Performs an action as Raycast does; its work may go on after the answer. */
  | { readonly type: 'act'; readonly node: number }
  | { readonly type: 'press-toast'; readonly title: string }
  | { readonly type: 'fill'; readonly form: number; readonly values: Readonly<Record<string, unknown>> }
  | { readonly type: 'search'; readonly list: number; readonly text: string }
  | { readonly type: 'select'; readonly list: number; readonly item: string }
  | { readonly type: 'load-more'; readonly list: number }
  /** Lets all that waits longer than ten seconds have waited. */
  | { readonly type: 'wait' }
  | { readonly type: 'go-back' }
  | { readonly type: 'close-window' };

export type ToWorker = { readonly type: 'gesture'; readonly number: number; readonly gesture: Gesture };

export type FromWorker =
  | { readonly type: 'screen'; readonly screen: Screen; readonly usedHeapBytes: number }
  | { readonly type: 'gesture-done'; readonly number: number; readonly failure: string | null };
