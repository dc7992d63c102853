import type { NativeModel } from '@hearth/native';
import type { Stopwatch } from '../stopwatch.ts';

/** The calls that windows make one for one, and that can run together. */
export type CallName = 'encode' | 'detectLanguage' | 'align' | 'decode' | 'beamSearch';

type Request<Name extends CallName> = Parameters<NativeModel[Name]>[0];
type Result<Name extends CallName> = Awaited<ReturnType<NativeModel[Name]>>;

/** A call that waits for its turn; results and errors go to whoever made it. */
export type WaitingCall = {
  [Name in CallName]: {
    readonly name: Name;
    readonly request: Request<Name>;
    readonly resolve: (result: Result<Name>) => void;
    readonly reject: (error: unknown) => void;
  };
}[CallName];

export type Waiting<Name extends CallName> = Extract<WaitingCall, { readonly name: Name }>;

/**
 * A model whose calls are handed to `wait`; what needs no company goes straight through. Windows and tokens are counted
 * here, where it is known whose they are.
 */
export function createCalls(model: NativeModel, stopwatch: Stopwatch, wait: (call: WaitingCall) => void): NativeModel {
  const waitFor =
    <Name extends CallName>(name: Name) =>
    (request: Request<Name>) =>
      new Promise<Result<Name>>((resolve, reject) => wait({ name, request, resolve, reject } as WaitingCall));
  const [encode, decode, beamSearch] = [waitFor('encode'), waitFor('decode'), waitFor('beamSearch')];
  return Object.create(model, {
    logMel: {
      value: (request: Parameters<NativeModel['logMel']>[0]) =>
        stopwatch.measure('logMel', () => model.logMel(request)),
    },
    encode: {
      value: async (request: Request<'encode'>) => {
        const encoding = await encode(request);
        stopwatch.add('windows', request.mels.length);
        return encoding;
      },
    },
    detectLanguage: { value: waitFor('detectLanguage') },
    align: { value: waitFor('align') },
    decode: {
      value: async (request: Request<'decode'>) => {
        const results = await decode(request);
        for (const { tokens } of results) stopwatch.add('tokens', tokens.length);
        return results;
      },
    },
    beamSearch: {
      value: async (request: Request<'beamSearch'>) => {
        const results = await beamSearch(request);
        for (const { candidates } of results) stopwatch.add('tokens', candidates[0]?.tokens.length ?? 0);
        return results;
      },
    },
  }) as NativeModel;
}
