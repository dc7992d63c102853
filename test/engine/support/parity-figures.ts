import type { Segment } from '../../../daemon/src/whisper/transcript.ts';
import type { ReferenceSegment } from './reference-answers.ts';

/** Words whose times are this close to the reference's are in time. */
const wordToleranceSeconds = 0.04 + 1e-6;

/** How close some transcripts are to the reference's. Times and probabilities count where tokens agree. */
export interface ParityFigures {
  add(ours: readonly Segment[], theirs: readonly ReferenceSegment[]): void;
  lastIsEqual(): boolean;
  /** Recordings that were added. */
  compared(): number;
  equalShare(): number;
  furthestSegmentSeconds(): number;
  /** 1 where no words have times. */
  shareOfWordsInTime(): number;
  furthestAvgLogprob(): number;
  furthestNoSpeechProb(): number;
  describe(): string;
}

export function createParityFigures(): ParityFigures {
  const equal: boolean[] = [];
  const wordsInTime: boolean[] = [];
  let segmentSeconds = 0;
  let avgLogprob = 0;
  let noSpeechProb = 0;

  function compare(ours: Segment, theirs: ReferenceSegment): void {
    segmentSeconds = furthest(segmentSeconds, [ours.startSeconds, theirs.start], [ours.endSeconds, theirs.end]);
    avgLogprob = furthest(avgLogprob, [ours.avgLogprob, theirs.avgLogprob]);
    noSpeechProb = furthest(noSpeechProb, [ours.noSpeechProb, theirs.noSpeechProb]);
    for (const [i, word] of (theirs.words ?? []).entries()) {
      const own = ours.words?.[i];
      const distance =
        own === undefined || own.word !== word.word
          ? Number.POSITIVE_INFINITY
          : furthest(0, [own.startSeconds, word.start], [own.endSeconds, word.end]);
      wordsInTime.push(distance <= wordToleranceSeconds);
    }
  }

  const figures: ParityFigures = {
    add(ours, theirs) {
      const isEqual = JSON.stringify(ours.map(tokensOf)) === JSON.stringify(theirs.map(tokensOf));
      equal.push(isEqual);
      if (!isEqual) return;
      for (const [i, segment] of theirs.entries()) compare(ours[i] as Segment, segment);
    },
    lastIsEqual: () => equal.at(-1) === true,
    compared: () => equal.length,
    equalShare: () => shareOf(equal),
    furthestSegmentSeconds: () => segmentSeconds,
    shareOfWordsInTime: () => shareOf(wordsInTime),
    furthestAvgLogprob: () => avgLogprob,
    furthestNoSpeechProb: () => noSpeechProb,
    describe: () =>
      [
        `${equal.filter(Boolean).length} of ${equal.length} recordings with all tokens`,
        `segment times within ${segmentSeconds.toFixed(3)} s`,
        ...(wordsInTime.length > 0
          ? [`${wordsInTime.filter(Boolean).length} of ${wordsInTime.length} words within 0.04 s`]
          : []),
        `average log probability within ${avgLogprob.toExponential(1)}`,
        `no-speech probability within ${noSpeechProb.toExponential(1)}`,
      ].join(', '),
  };
  return figures;
}

function tokensOf({ seek, tokens }: Pick<Segment | ReferenceSegment, 'seek' | 'tokens'>) {
  return [seek, tokens];
}

function furthest(soFar: number, ...pairs: readonly (readonly [number, number])[]): number {
  return Math.max(soFar, ...pairs.map(([a, b]) => Math.abs(a - b)));
}

function shareOf(values: readonly boolean[]): number {
  return values.length === 0 ? 1 : values.filter(Boolean).length / values.length;
}
