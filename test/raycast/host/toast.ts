import type { ScreenToast } from './messages.ts';

export interface ToastAction {
  readonly title: string;
  readonly onAction: (toast: Toast) => unknown;
}

export interface ToastOptions {
  style?: string;
  title: string;
  message?: string | undefined;
  primaryAction?: ToastAction | undefined;
  secondaryAction?: ToastAction | undefined;
}

/** A toast as an extension holds it: what is assigned to it is shown at once. */
export interface Toast extends ToastOptions {
  hide(): Promise<void>;
}

export const toastStyle = { Success: 'SUCCESS', Failure: 'FAILURE', Animated: 'ANIMATED' };

export function createToast(options: ToastOptions, { onChange, onHide }: { onChange(): void; onHide(): void }): Toast {
  const shown: ToastOptions = { style: toastStyle.Success, ...options };
  const assigned = new Proxy(shown, {
    set(target, property, value) {
      if (!['style', 'title', 'message', 'primaryAction', 'secondaryAction'].includes(String(property))) {
        throw new Error(`Expected the host to have Toast.${String(property)}, got nothing.`);
      }
      Reflect.set(target, property, value);
      onChange();
      return true;
    },
    get: (target, property) => (property === 'hide' ? async () => onHide() : Reflect.get(target, property)),
  });
  return assigned as Toast;
}

export function describeToast(toast: ToastOptions): ScreenToast {
  const { style = '', title, message, primaryAction, secondaryAction } = toast;
  const actions = [primaryAction, secondaryAction].flatMap((action) => (action === undefined ? [] : [action.title]));
  return { style, title, message, actions };
}
