import type { Addon, Handle } from './addon.ts';
import type { Cancellation } from './index.ts';

const handles = new WeakMap<Cancellation, Handle<'cancellation'>>();

export function createCancellation(addon: Addon): Cancellation {
  const handle = addon.createCancellation();
  const cancellation: Cancellation = { cancel: () => addon.cancel(handle) };
  handles.set(cancellation, handle);
  return cancellation;
}

export function handleOf(cancellation: Cancellation | undefined): Handle<'cancellation'> | undefined {
  return cancellation && handles.get(cancellation);
}
