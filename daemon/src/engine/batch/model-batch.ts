import type { NativeEncoding, NativeModel, NativeVoiceActivity } from '@hearth/native';
import type { WhisperModel } from '../../whisper/whisper-model.ts';
import type { Stage, Stopwatch } from '../stopwatch.ts';
import type { CallName, CallRequest, CallResult, WaitingCall } from './calls.ts';
import { type Group, runTogether } from './run-together.ts';

/** Interactive windows go first: while there is one, no call of a bulk window starts. */
export type Priority = 'interactive' | 'bulk';

/** Whose windows they are. */
export interface ModelUser {
  readonly priority: Priority;
  readonly stopwatch: Stopwatch;
  /** Aborted, it rejects what waits at once, and what runs within a step. */
  readonly signal?: AbortSignal | undefined;
  /** Null: everything is taken for speech. */
  readonly voiceActivity: NativeVoiceActivity | null;
}

/** One model for many windows, of one recording or of several: their calls run together where they fit. */
export interface ModelBatch {
  modelFor(user: ModelUser): WhisperModel;
}

/** A window from the start of its encoding until it is closed. */
interface OpenWindow {
  readonly user: ModelUser;
  isEncoded: boolean;
}

/**
 * A call waits until every open window of its priority waits for one. Encodes come before decodes, so that as many
 * windows as can be have their turn in one decode. At most `capacity` windows are in memory at once; further ones wait.
 */
export function createModelBatch(model: NativeModel, capacity: number): ModelBatch {
  const windows = new Set<OpenWindow>();
  const waiting = new Map<WaitingCall, ModelUser>();
  let running = false;

  function runNext(): void {
    const turn = [...windows].some(({ user }) => user.priority === 'interactive') ? 'interactive' : 'bulk';
    const windowCount = [...windows].filter(({ user }) => user.priority === turn).length;
    const calls = [...waiting].flatMap(([call, { priority }]) => (priority === turn ? [call] : []));
    if (running || calls.length < windowCount) return;
    const [first, ...others] = withinCapacity(calls);
    if (first === undefined) return;
    running = true;
    void run(runTogether(model, [first, ...others], capacity)).finally(() => {
      running = false;
      runSoon();
    });
  }

  /** Whoever goes on with another call, or with another window, is not overtaken by those who wait. */
  function runSoon(): void {
    setImmediate(runNext);
  }

  /** Without the windows that there is no room for, unless nothing else could go on. */
  function withinCapacity(calls: readonly WaitingCall[]): readonly WaitingCall[] {
    let free = capacity - [...windows].filter(({ isEncoded }) => isEncoded).length;
    const fitting = calls.filter((call) => call.name !== 'encode' || free-- > 0);
    return fitting.length > 0 ? fitting : calls.slice(0, 1);
  }

  /** The time and the steps of a group are those of everyone who takes part in it. */
  async function run(group: Group): Promise<void> {
    const stopwatches = [...new Set(group.calls.map((call) => (waiting.get(call) as ModelUser).stopwatch))];
    for (const call of group.calls) waiting.delete(call);
    const before = model.counters;
    const start = (stage: Stage) => stopwatches.map((stopwatch) => stopwatch.start(stage));
    const ends = start(group.stage);
    const promptEnds = group.calls[0]?.name === 'decode' ? start('prompt') : [];
    await group.run(() => {
      for (const end of promptEnds) end();
    });
    for (const end of [...promptEnds, ...ends]) end();
    const after = model.counters;
    for (const count of ['decoderSteps', 'decodeHostSeconds', 'decodeDeviceSeconds'] as const) {
      for (const stopwatch of stopwatches) stopwatch.add(count, after[count] - before[count]);
    }
  }

  function wait<Name extends CallName>(user: ModelUser, name: Name, request: CallRequest<Name>) {
    return new Promise<CallResult<Name>>((resolve, reject) => {
      waiting.set({ name, request, resolve, reject } as WaitingCall, user);
      runNext();
    });
  }

  function rejectWaiting(user: ModelUser): void {
    for (const [call, waitingUser] of waiting) {
      if (waitingUser !== user) continue;
      waiting.delete(call);
      call.reject(user.signal?.reason);
    }
  }

  function close(window: OpenWindow): void {
    windows.delete(window);
    runSoon();
  }

  return {
    modelFor(user) {
      const { stopwatch, signal, voiceActivity } = user;
      signal?.addEventListener('abort', () => rejectWaiting(user), { once: true });
      return {
        dimensions: model.dimensions,
        alignmentHeads: model.alignmentHeads,
        async speechProbabilities(audio) {
          if (voiceActivity === null) return null;
          return stopwatch.measure('voiceActivity', () => voiceActivity.speechProbabilities({ audio, signal }));
        },
        async encode({ audio, startFrame, frameCount }) {
          const window: OpenWindow = { user, isEncoded: false };
          windows.add(window);
          try {
            const mel = await stopwatch.measure('logMel', () =>
              model.logMel({ audio, startFrame, frameCount, signal }),
            );
            try {
              const [encoding] = await wait(user, 'encode', { mels: [mel], signal });
              window.isEncoded = true;
              stopwatch.add('windows', 1);
              return whenClosed(encoding as NativeEncoding, () => close(window));
            } finally {
              mel.close();
            }
          } catch (error) {
            close(window);
            throw error;
          }
        },
        async detectLanguage({ encoding, sot, languageTokens }) {
          const request = { encodings: [encoding], sot, languageTokens, signal };
          return (await wait(user, 'detectLanguage', request))[0] as Float32Array;
        },
        async decode({ encoding, prompt, sotIndex, speechUntil, samples, onToken, ...rules }) {
          const rows = samples.map((sample) => ({ encoding, prompt, sotIndex, speechUntil, ...sample }));
          const results = await wait(user, 'decode', {
            ...rules,
            rows,
            signal,
            onToken: onToken && (({ row, token }) => row === 0 && onToken(token)),
          });
          for (const { tokens } of results) stopwatch.add('tokens', tokens.length);
          return results;
        },
        async beamSearch({ encoding, prompt, sotIndex, speechUntil, ...search }) {
          const prompts = [{ encoding, prompt, sotIndex, speechUntil }];
          const [found] = await wait(user, 'beamSearch', { ...search, prompts, signal });
          stopwatch.add('tokens', found?.candidates[0]?.tokens.length ?? 0);
          return found as NonNullable<typeof found>;
        },
        async align({ encoding, prompt, text, frames, heads, endOfText }) {
          const rows = [{ encoding, prompt, text, frames }];
          const [alignment] = await wait(user, 'align', { rows, heads, endOfText, signal });
          return alignment as NonNullable<typeof alignment>;
        },
      };
    },
  };
}

function whenClosed(encoding: NativeEncoding, closed: () => void): NativeEncoding {
  const close = encoding.close.bind(encoding);
  let isOpen = true;
  return Object.defineProperty(encoding, 'close', {
    configurable: true,
    value() {
      if (isOpen) closed();
      isOpen = false;
      close();
    },
  });
}
