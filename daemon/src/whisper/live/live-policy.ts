import type { LiveTurns } from '../../protocol/engine-messages.ts';
import { lettersOf } from '../recovery/repeats-neighbour.ts';
import { secondsPerWindow } from '../segments/window.ts';
import { shortestPauseSeconds } from '../voice-activity/speech-clips.ts';
import type { SpeechRange } from '../voice-activity/speech-ranges.ts';
import { type Cut, type CutLengths, chooseCut, type Hypothesis, pausesOf } from './choose-cut.ts';
import type { LiveSpeech } from './live-speech.ts';
import { createLookPace } from './look-pace.ts';
import { createLookedText } from './looked-text.ts';

/** What the client says at a place in the sound: that an utterance ends there, or that nobody wants what came before. */
export interface LiveMark {
  readonly type: 'commit' | 'clear';
  readonly atSeconds: number;
}

export interface LiveSound {
  readonly speech: LiveSpeech;
  /** How much has come. */
  readonly soundSeconds: number;
  readonly marks: readonly LiveMark[];
  /** No more comes. */
  readonly isEnded: boolean;
}

export type LiveStep =
  /** More sound is needed. */
  | { readonly type: 'wait' }
  | { readonly type: 'speech-started'; readonly atSeconds: number }
  /** Hear what is said so far, but for what earlier looks have settled; it may change. */
  | { readonly type: 'look'; readonly part: SpeechRange }
  /**
   * The speech has stopped, for good perhaps: hear the part as a file, so that its text is there when it has. Where the
   * client ends its turn meanwhile, the part is not what is heard then, unless it `isForItsEnd`.
   */
  | { readonly type: 'preview'; readonly part: SpeechRange; readonly isForItsEnd: boolean }
  /** Hear the part as a file; commit its text where it is `expected`, or where nothing is. */
  | { readonly type: 'cut'; readonly part: SpeechRange; readonly expected: string | null }
  /** The utterance is over: hear the rest of it as a file, if there is any, and commit that. */
  | { readonly type: 'finish'; readonly part: SpeechRange | null; readonly speechEndSeconds: number | null }
  /** Nobody wants what was not committed. */
  | { readonly type: 'drop' }
  | { readonly type: 'end' };

/** Decides what a live session does next. It hears nothing itself: its driver says what came of each step. */
export interface LivePolicy {
  next(sound: LiveSound): LiveStep;
  /** What a look brought, and what of it may be shown; null for a text that is not to be trusted. */
  looked(hypothesis: Hypothesis | null, speech: LiveSpeech): Tentative | null;
  /** Whether the text of a cut is what was expected; if so, the part is committed. What is left of the last look. */
  wasCut(text: string): { readonly isCommitted: boolean; readonly rest: Tentative | null };
  previewed(text: string): void;
  /** Where the part begins that is not committed. */
  partStartSeconds(): number;
  /** Sound before it is not needed any more: a session of one window ends as one recording, with its first silence. */
  neededFromSeconds(): number;
}

export interface Tentative {
  readonly startSeconds: number;
  readonly text: string;
  /** Characters at its beginning that two looks in a row agree on. */
  readonly agreed: number;
}

export interface LivePolicyRequest {
  readonly detection: LiveTurns['detection'];
  /** A silence of this length ends an utterance. */
  readonly silenceSeconds: number;
  /** Kept before an utterance. */
  readonly paddingSeconds: number;
  readonly minSpeechSeconds: number;
  /** Where the sound begins, and since when an utterance goes on there; for a session that is taken up again. */
  readonly fromSeconds: number;
  readonly isSpeaking: boolean;
}

/** What a resampler, or voice activity with it, may hold back of sound that goes on. */
const heldBackSeconds = { marks: 0.01, voice: 0.07 };
/** Sounds with less silence between them are one. */
const joinedSeconds = 0.3;
/** Kept after speech. */
const tailSeconds = 0.4;
/** New sound that is worth a look. */
const lookEverySeconds = 0.5;
/** Speech before which a look only guesses. */
const firstLookSeconds = 0.6;
/** A silence that ends an utterance is so far on that its text is prepared; most pauses between sentences are shorter. */
const previewAt = { share: 0.5, mostSeconds: 1 };
/** Of what is committed while somebody speaks on. */
const cutLengths: CutLengths = { shortestPartSeconds: 20, shortestSeconds: 8, longSeconds: 23 };
/** From this length on a part is cut at the best pause there is: a window holds 30 s. */
const fullSeconds = 26;
/** Of a full part that much is kept together at its beginning, and left at its end. */
const forcedMargins = { startSeconds: 8, endSeconds: 1 };

export function createLivePolicy(request: LivePolicyRequest): LivePolicy {
  const { detection, silenceSeconds, paddingSeconds, minSpeechSeconds } = request;
  const tail = Math.min(tailSeconds, silenceSeconds);
  const previewSeconds = Math.max(tail, Math.min(previewAt.share * silenceSeconds, previewAt.mostSeconds));
  /** Where the part begins that is not committed, or might begin. */
  let fromSeconds = request.fromSeconds;
  let isSpeaking = request.isSpeaking;
  let lookedUntilSeconds = fromSeconds;
  let previewedEndSeconds: number | null = null;
  let pendingCut: Cut | null = null;
  let lastLookSeconds: number | null = null;
  let marksDone: number | null = null;
  let isMarkAnswered = false;
  /** Nothing was committed, and the sound is there from its beginning. */
  let isFirst = request.fromSeconds === 0;
  const refused = new Set<number>();
  const pace = createLookPace();
  const looked = createLookedText(fromSeconds);

  function begin(atSeconds: number): void {
    looked.begin(atSeconds);
    moveTo(atSeconds);
  }

  function moveTo(atSeconds: number): void {
    fromSeconds = atSeconds;
    lookedUntilSeconds = Math.max(lookedUntilSeconds, atSeconds);
    previewedEndSeconds = null;
    pendingCut = null;
    refused.clear();
  }

  /** How many marks an engine before this one has answered: one at the place where it ended, if nobody speaks on there. */
  function marksBefore(marks: readonly LiveMark[]): number {
    if (request.fromSeconds === 0) return 0;
    const untilSeconds = request.fromSeconds + (request.isSpeaking ? 0 : heldBackSeconds[detection]);
    const first = marks.findIndex(({ atSeconds }) => atSeconds >= untilSeconds);
    return first === -1 ? marks.length : first;
  }

  function next({ speech, marks, soundSeconds, isEnded }: LiveSound): LiveStep {
    marksDone ??= marksBefore(marks);
    const mark = marks[marksDone];
    // The last piece that voice activity hears is filled up with silence.
    const heardSeconds = detection === 'marks' ? soundSeconds : Math.min(speech.heardSeconds(), soundSeconds);
    pace.heard(heardSeconds);
    const isAtMark = mark !== undefined && heardSeconds >= mark.atSeconds - heldBackSeconds[detection];
    const horizonSeconds = isAtMark ? Math.min(mark.atSeconds, heardSeconds) : heardSeconds;
    const isLast = isAtMark ? mark.type === 'commit' : isEnded;
    const step =
      detection === 'marks' ? nextByMarks(horizonSeconds, isLast) : nextByVoice(speech, horizonSeconds, isLast);
    if (isAtMark && step.type === 'finish') isMarkAnswered = true;
    if (!isAtMark || !(step.type === 'end' || step.type === 'wait')) return step;
    const wasAnswered = isMarkAnswered;
    isMarkAnswered = false;
    marksDone += 1;
    isSpeaking = false;
    isFirst = false;
    begin(Math.max(fromSeconds, horizonSeconds));
    if (mark.type === 'clear') return { type: 'drop' };
    return wasAnswered
      ? next({ speech, marks, soundSeconds, isEnded })
      : { type: 'finish', part: null, speechEndSeconds: null };
  }

  /** `end` where everything up to the horizon is done. */
  function nextByMarks(horizonSeconds: number, isLast: boolean): LiveStep {
    if (!isLast) return { type: 'wait' };
    if (horizonSeconds <= fromSeconds) return { type: 'end' };
    const part = { startSeconds: fromSeconds, endSeconds: horizonSeconds };
    begin(horizonSeconds);
    return { type: 'finish', part, speechEndSeconds: null };
  }

  function nextByVoice(speech: LiveSpeech, horizonSeconds: number, isLast: boolean): LiveStep {
    const rest = { startSeconds: fromSeconds, endSeconds: horizonSeconds };
    if (isSpeaking) return nextOfUtterance(speech, rest, isLast);
    const first = speech
      .rangesIn(rest, joinedSeconds)
      .find(({ startSeconds, endSeconds }) => endSeconds - startSeconds >= minSpeechSeconds);
    if (first === undefined) {
      const last = speech.rangesIn(rest, joinedSeconds).at(-1);
      const isOpen = last !== undefined && last.endSeconds > horizonSeconds - joinedSeconds;
      const quietFrom = isOpen ? last.startSeconds : horizonSeconds;
      fromSeconds = Math.max(fromSeconds, quietFrom - paddingSeconds);
      return { type: isLast ? 'end' : 'wait' };
    }
    isSpeaking = true;
    // As in a file, whose short silences at its ends belong to the speech.
    const isAtBeginning = isFirst && first.startSeconds < silenceSeconds;
    begin(isAtBeginning ? 0 : Math.max(fromSeconds, first.startSeconds - paddingSeconds));
    lookedUntilSeconds = first.startSeconds + firstLookSeconds - lookEverySeconds;
    return { type: 'speech-started', atSeconds: first.startSeconds };
  }

  function nextOfUtterance(speech: LiveSpeech, rest: SpeechRange, isLast: boolean): LiveStep {
    const spoken = speech.rangesIn(rest, shortestPauseSeconds);
    const horizonSeconds = rest.endSeconds;
    const last = lastBeforeSilence(spoken, horizonSeconds);
    const speechEndSeconds = last?.endSeconds ?? fromSeconds;
    const isOver = horizonSeconds - speechEndSeconds >= silenceSeconds;
    const part =
      last === undefined
        ? null
        : { startSeconds: fromSeconds, endSeconds: Math.min(horizonSeconds, speechEndSeconds + tail) };
    const length = (part?.endSeconds ?? horizonSeconds) - fromSeconds;
    if (part !== null && length >= fullSeconds)
      return forcedCut(speech, { ...rest, endSeconds: part.endSeconds }, spoken);
    if (isOver) return finish(part, speechEndSeconds);
    const endsAsAWhole = isFirst && horizonSeconds <= secondsPerWindow;
    if (isLast) {
      const isWhole = endsAsAWhole && part !== null;
      return finish(isWhole ? { startSeconds: 0, endSeconds: horizonSeconds } : part, speechEndSeconds);
    }
    if (part === null) return { type: 'wait' };
    const mayLook = pace.mayLook();
    if (mayLook && horizonSeconds - speechEndSeconds >= previewSeconds && previewedEndSeconds !== part.endSeconds) {
      pace.began(horizonSeconds);
      previewedEndSeconds = part.endSeconds;
      lookedUntilSeconds = horizonSeconds;
      return { type: 'preview', part, isForItsEnd: !endsAsAWhole };
    }
    if (pendingCut !== null) {
      const { atSeconds, text } = pendingCut;
      return { type: 'cut', part: { startSeconds: fromSeconds, endSeconds: atSeconds }, expected: text };
    }
    const hasNews = spoken.some(({ endSeconds }) => endSeconds > lookedUntilSeconds);
    if (!mayLook || !hasNews || horizonSeconds < lookedUntilSeconds + lookEverySeconds) return { type: 'wait' };
    pace.began(horizonSeconds);
    lookedUntilSeconds = horizonSeconds;
    lastLookSeconds = horizonSeconds;
    return { type: 'look', part: { startSeconds: looked.fromSeconds(), endSeconds: horizonSeconds } };
  }

  /** The last speech before the first silence that ends an utterance: much may come at once after a standstill. */
  function lastBeforeSilence(spoken: readonly SpeechRange[], horizonSeconds: number): SpeechRange | undefined {
    return (
      spoken.find(({ endSeconds }, i) => {
        return (spoken[i + 1]?.startSeconds ?? horizonSeconds) - endSeconds >= silenceSeconds;
      }) ?? spoken.at(-1)
    );
  }

  function finish(part: SpeechRange | null, speechEndSeconds: number): LiveStep {
    isSpeaking = false;
    isFirst = false;
    begin(part?.endSeconds ?? speechEndSeconds);
    return { type: 'finish', part, speechEndSeconds };
  }

  /** At the longest pause; where there is none, where speech is least likely. */
  function forcedCut(speech: LiveSpeech, rest: SpeechRange, spoken: readonly SpeechRange[]): LiveStep {
    const region = {
      startSeconds: rest.startSeconds + forcedMargins.startSeconds,
      endSeconds: Math.min(rest.endSeconds - forcedMargins.endSeconds, rest.startSeconds + fullSeconds),
    };
    const pauses = pausesOf(spoken).filter(
      ({ startSeconds, endSeconds }) => startSeconds >= region.startSeconds && endSeconds <= region.endSeconds,
    );
    const longest = pauses.toSorted((a, b) => b.endSeconds - b.startSeconds - (a.endSeconds - a.startSeconds))[0];
    const atSeconds =
      longest === undefined ? speech.quietestSecond(region) : (longest.startSeconds + longest.endSeconds) / 2;
    pendingCut = { atSeconds, text: '' };
    return { type: 'cut', part: { startSeconds: fromSeconds, endSeconds: atSeconds }, expected: null };
  }

  return {
    next,
    looked(heard, speech) {
      if (heard === null || lastLookSeconds === null) {
        looked.interrupt();
        return null;
      }
      const spokenIn = (range: SpeechRange) => speech.rangesIn(range, shortestPauseSeconds);
      const { hypothesis, agreed } = looked.add(heard, { untilSeconds: lastLookSeconds, spokenIn });
      const part = { startSeconds: fromSeconds, endSeconds: lastLookSeconds };
      pendingCut = chooseCut({
        hypothesis,
        agreedLength: agreed,
        part,
        spoken: spokenIn(part),
        lengths: cutLengths,
        isRefused: (atSeconds) => refused.has(atSeconds),
      });
      return { startSeconds: fromSeconds, text: hypothesis.text, agreed };
    },
    wasCut(text) {
      const cut = pendingCut;
      pendingCut = null;
      if (cut === null) return { isCommitted: false, rest: null };
      const isForced = cut.text === '';
      if (!isForced && lettersOf(text) !== lettersOf(cut.text)) {
        refused.add(cut.atSeconds);
        return { isCommitted: false, rest: null };
      }
      isFirst = false;
      const rest = looked.cut(cut);
      moveTo(cut.atSeconds);
      return {
        isCommitted: true,
        rest: rest === null ? null : { startSeconds: cut.atSeconds, text: rest.text, agreed: 0 },
      };
    },
    previewed(text) {
      looked.replace(text);
      pendingCut = null;
    },
    partStartSeconds: () => fromSeconds,
    neededFromSeconds: () => (isFirst && fromSeconds <= secondsPerWindow ? 0 : fromSeconds),
  };
}
