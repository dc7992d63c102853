import type { LiveTask } from '../../protocol/engine-messages.ts';
import type { Segment } from '../../protocol/transcript.ts';
import type { WireError } from '../../protocol/wire-error.ts';
import type { LiveInput } from './live-input.ts';

/** A job whose sound is still coming, and what an engine that takes it over has to know. */
export interface LiveJob {
  readonly input: LiveInput;
  readonly segments: Segment[];
  /** Everything before is committed, or holds no speech. */
  committedSeconds: number;
  isSpeaking: boolean;
  /** It was told that who speaks has stopped; the text of that is still to come. */
  hasStopped: boolean;
  languageProbability: number | null;
  /** Times that the engine died while other work was going on, too, since its last text. */
  sharedCrashes: number;
  /** Why no engine takes it to its end; null as long as one may. */
  failure: WireError | null;
}

export function newLiveJob(input: LiveInput): LiveJob {
  return {
    input,
    segments: [],
    committedSeconds: 0,
    isSpeaking: false,
    hasStopped: false,
    languageProbability: null,
    sharedCrashes: 0,
    failure: null,
  };
}

/** What the engine is told of a live session, at its beginning or after an engine has died. */
export function liveTaskOf(live: LiveJob, language: string | null): LiveTask {
  const { input, segments, committedSeconds, isSpeaking, languageProbability } = live;
  const hasBegun = committedSeconds > 0;
  return {
    progress: input.progress(),
    turns: input.turns,
    resume: hasBegun ? { fromSeconds: committedSeconds, isSpeaking, segments, language, languageProbability } : null,
  };
}
