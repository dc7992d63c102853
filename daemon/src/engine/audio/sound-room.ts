import type { AudioFacts } from '@hearth/native';

/** Samples of one class of recordings that are open at a time: more than four hours of sound. */
const mostOpenBytes = 2 ** 29;
const bytesPerSample = 2;

/** Keeps the samples of waiting recordings out of the memory: they are opened one after the other, as there is room. */
export interface SoundRoom {
  /** Waits until another recording may be opened, in the order of the calls. */
  enter(signal: AbortSignal): Promise<SoundPlace>;
}

export interface SoundPlace {
  /** All of it is decoded: its samples are in the memory until it leaves. */
  hold(sounds: readonly Pick<AudioFacts, 'sampleCount'>[]): void;
  leave(): void;
}

export function createSoundRoom(mostBytes = mostOpenBytes): SoundRoom {
  const waiting: (() => void)[] = [];
  let heldBytes = 0;
  let isOpening = false;

  function letIn(): void {
    if (isOpening || heldBytes >= mostBytes) return;
    const next = waiting.shift();
    isOpening = next !== undefined;
    next?.();
  }

  function createPlace(): SoundPlace {
    let ownBytes = 0;
    let opens = true;
    let hasLeft = false;
    const opened = () => {
      if (opens) isOpening = false;
      opens = false;
    };
    return {
      hold(sounds) {
        if (hasLeft) return;
        ownBytes = sounds.reduce((sum, { sampleCount }) => sum + sampleCount * bytesPerSample, 0);
        heldBytes += ownBytes;
        opened();
        letIn();
      },
      leave() {
        hasLeft = true;
        heldBytes -= ownBytes;
        ownBytes = 0;
        opened();
        letIn();
      },
    };
  }

  return {
    enter(signal) {
      return new Promise((resolve, reject) => {
        const giveUp = () => {
          waiting.splice(waiting.indexOf(enter), 1);
          reject(signal.reason);
        };
        const enter = () => {
          signal.removeEventListener('abort', giveUp);
          resolve(createPlace());
        };
        if (signal.aborted) return reject(signal.reason);
        signal.addEventListener('abort', giveUp, { once: true });
        waiting.push(enter);
        letIn();
      });
    },
  };
}
