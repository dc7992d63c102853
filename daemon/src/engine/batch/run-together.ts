import type { NativeModel } from '@hearth/native';
import type { Stage } from '../stopwatch.ts';
import type { CallName, Waiting, WaitingCall } from './calls.ts';
import { decodeTogether, fitsWith } from './decode-together.ts';
import { encodeTogether } from './encode-together.ts';

export interface Group {
  readonly calls: readonly WaitingCall[];
  readonly stage: Stage;
  /** Ends when every call of the group has its answer; never rejects. `onFirstToken` comes from a `decode` only. */
  readonly run: (onFirstToken: () => void) => Promise<void>;
}

/** Each brings its window into the decode that comes after it. */
const order: readonly CallName[] = ['encode', 'detectLanguage', 'align', 'decode', 'beamSearch'];

const stages: Readonly<Record<CallName, Stage>> = {
  encode: 'encode',
  detectLanguage: 'detectLanguage',
  align: 'align',
  decode: 'decode',
  beamSearch: 'decode',
};

/**
 * Which of some waiting calls run next, and how: as one call of the model where several fit together, up to `maxRows`
 * texts in one decode.
 */
export function runTogether(
  model: NativeModel,
  waiting: readonly [WaitingCall, ...WaitingCall[]],
  maxRows: number,
): Group {
  const name = order.find((each) => waiting.some((call) => call.name === each)) as CallName;
  const stage = stages[name];
  const [first, ...others] = callsOf(waiting, name) as [WaitingCall, ...WaitingCall[]];
  if (first.name === 'decode') {
    const calls = upToRows(callsOf(waiting, 'decode').filter(fitsWith(first)), maxRows);
    return { calls, stage, run: (onFirstToken) => decodeTogether(model, calls, onFirstToken) };
  }
  // A CPU gains nothing from several windows in one encoder pass.
  if (first.name === 'encode' && others.length > 0 && model.device === 'gpu') {
    const calls = callsOf(waiting, 'encode');
    return { calls, stage, run: () => encodeTogether(model, calls) };
  }
  return { calls: [first], stage, run: () => runAlone(model, first) };
}

async function runAlone(model: NativeModel, call: WaitingCall): Promise<void> {
  try {
    call.resolve((await model[call.name](call.request as never)) as never);
  } catch (error) {
    call.reject(error);
  }
}

/** From the first on; that one alone may have more rows. */
function upToRows(calls: readonly Waiting<'decode'>[], maxRows: number): Waiting<'decode'>[] {
  let rows = 0;
  const end = calls.findIndex(({ request }, index) => {
    rows += request.rows.length;
    return index > 0 && rows > maxRows;
  });
  return calls.slice(0, end === -1 ? calls.length : end);
}

function callsOf<Name extends CallName>(calls: readonly WaitingCall[], name: Name): Waiting<Name>[] {
  return calls.filter((call): call is Waiting<Name> => call.name === name);
}
