import type { ModelDimensions, NativeEncoding, NativeModel } from '@hearth/native';
import type { Stage, Stopwatch } from '../stopwatch.ts';
import { createCalls, type WaitingCall } from './calls.ts';
import { type Group, runTogether } from './run-together.ts';

/** Interactive members go first: while there is one, no call of a bulk member starts. */
export type Priority = 'interactive' | 'bulk';

/** What decodes one window after the other. Its calls wait until every member of its priority waits for one. */
export interface BatchMember {
  readonly model: NativeModel;
  leave(): void;
}

/** One model for many windows, of one recording or of several: their calls run together where they fit. */
export interface ModelBatch {
  readonly dimensions: ModelDimensions;
  join(member: Member): BatchMember;
}

interface Member {
  readonly priority: Priority;
  readonly stopwatch: Stopwatch;
  /** Aborted, it has calls that wait reject at once; a call that runs needs its own cancellation. */
  readonly signal?: AbortSignal;
}

/**
 * Encodes before it decodes, so that as many windows as can be have their turn in one decode. A call runs alone, at
 * once, where there is only one member. At most `capacity` windows are in memory at once; further ones wait for them.
 */
export function createModelBatch(model: NativeModel, capacity: number): ModelBatch {
  const members = new Set<Member>();
  const waiting = new Map<WaitingCall, Member>();
  let running = false;
  let openWindows = 0;

  function runNext(): void {
    const turn = [...members].some(({ priority }) => priority === 'interactive') ? 'interactive' : 'bulk';
    const memberCount = [...members].filter(({ priority }) => priority === turn).length;
    const calls = [...waiting].flatMap(([call, { priority }]) => (priority === turn ? [call] : []));
    if (running || calls.length < memberCount) return;
    const [first, ...others] = withinCapacity(calls);
    if (first === undefined) return;
    running = true;
    void run(runTogether(model, [first, ...others], capacity)).finally(() => {
      running = false;
      runNext();
    });
  }

  /** Without the windows that there is no room for, unless nothing else could go on. */
  function withinCapacity(calls: readonly WaitingCall[]): readonly WaitingCall[] {
    let free = capacity - openWindows;
    const fitting = calls.filter((call) => {
      if (call.name !== 'encode') return true;
      free -= call.request.mels.length;
      return free >= 0;
    });
    return fitting.length > 0 ? fitting : calls.slice(0, 1);
  }

  function countWindows(call: WaitingCall): WaitingCall {
    if (call.name !== 'encode') return call;
    return {
      ...call,
      resolve(encoding: NativeEncoding) {
        openWindows += encoding.windowCount;
        call.resolve(
          whenClosed(encoding, () => {
            openWindows -= encoding.windowCount;
          }),
        );
      },
    };
  }

  /** The time and the steps of a group are those of everyone who takes part in it. */
  async function run(group: Group): Promise<void> {
    const stopwatches = [...new Set(group.calls.map((call) => (waiting.get(call) as Member).stopwatch))];
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

  return {
    dimensions: model.dimensions,
    join(request) {
      const member: Member = { ...request };
      members.add(member);
      const wait = (call: WaitingCall) => {
        waiting.set(countWindows(call), member);
        runNext();
      };
      const giveUp = () => {
        for (const [call, { signal }] of waiting) {
          if (signal !== request.signal) continue;
          waiting.delete(call);
          call.reject(signal?.reason);
        }
      };
      request.signal?.addEventListener('abort', giveUp, { once: true });
      return {
        model: createCalls(model, member.stopwatch, wait),
        leave() {
          members.delete(member);
          request.signal?.removeEventListener('abort', giveUp);
          runNext();
        },
      };
    },
  };
}

function whenClosed(encoding: NativeEncoding, closed: () => void): NativeEncoding {
  const { close } = encoding;
  let isOpen = true;
  return Object.assign(encoding, {
    close() {
      if (isOpen) closed();
      isOpen = false;
      close();
    },
  });
}
