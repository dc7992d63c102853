import type { NativeModel } from '@hearth/native';

/** The calls that windows make one for one, and that can run together. */
export type CallName = 'encode' | 'detectLanguage' | 'align' | 'decode' | 'beamSearch';

export type CallRequest<Name extends CallName> = Parameters<NativeModel[Name]>[0];
export type CallResult<Name extends CallName> = Awaited<ReturnType<NativeModel[Name]>>;

/** A call about one window that waits for its turn; results and errors go to whoever made it. */
export type WaitingCall = {
  [Name in CallName]: {
    readonly name: Name;
    readonly request: CallRequest<Name>;
    readonly resolve: (result: CallResult<Name>) => void;
    readonly reject: (error: unknown) => void;
  };
}[CallName];

export type Waiting<Name extends CallName> = Extract<WaitingCall, { readonly name: Name }>;
