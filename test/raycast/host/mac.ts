import type { Screen } from './messages.ts';
import type { Element } from './react.ts';
import { createToast, describeToast, type Toast, type ToastOptions } from './toast.ts';

type MacState = Omit<Screen, 'view' | 'depth' | 'toast'>;

interface StackedView {
  readonly key: number;
  readonly element: Element;
  readonly onPop: (() => void) | undefined;
}

/** What a command does to a Mac and to Raycast's window, kept for the test to look at. */
export interface Mac {
  readonly state: MacState;
  readonly toast: Screen['toast'];
  readonly stack: readonly StackedView[];
  change(changes: Partial<MacState>): void;
  push(element: Element, onPop?: () => void): void;
  pop(): void;
  showToast(options: ToastOptions): Promise<Toast>;
  pressToast(title: string): unknown;
}

/** @param onChange is called after everything that a person could see */
export function createMac(onChange: () => void): Mac {
  let state: MacState = {
    huds: [],
    pasted: [],
    clipboard: null,
    shownInFinder: [],
    openedPages: [],
    launched: [],
    alerts: [],
    preferencesOpened: 0,
    subtitle: null,
    isWindowOpen: true,
    isDone: false,
    result: undefined,
    failure: null,
  };
  let stack: readonly StackedView[] = [];
  let toast: Toast | null = null;
  let nextKey = 1;
  return {
    get state() {
      return state;
    },
    get toast() {
      return toast === null ? null : describeToast(toast);
    },
    get stack() {
      return stack;
    },
    change(changes) {
      state = { ...state, ...changes };
      onChange();
    },
    push(element, onPop) {
      stack = [...stack, { key: nextKey++, element, onPop }];
      onChange();
    },
    pop() {
      const left = stack.at(-1);
      stack = stack.slice(0, -1);
      left?.onPop?.();
      onChange();
    },
    async showToast(options) {
      const shown: Toast = createToast(options, {
        onChange,
        onHide() {
          if (toast === shown) toast = null;
          onChange();
        },
      });
      toast = shown;
      onChange();
      return shown;
    },
    pressToast(title) {
      const action = [toast?.primaryAction, toast?.secondaryAction].find((each) => each?.title === title);
      if (toast === null || action === undefined) throw new Error(`Expected a toast with ${title}, got none.`);
      return action.onAction(toast);
    },
  };
}
