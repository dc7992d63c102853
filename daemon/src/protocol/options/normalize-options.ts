import { HearthError } from '../../errors/hearth-error.ts';
import { shorten } from '../../errors/shorten.ts';
import { readLanguage } from '../../languages/read-language.ts';
import type { TranscriptionOptions } from './transcription-options.ts';

/**
 * Options for the engine: the language as Whisper's code, or left out if it should be detected. Checks what the schema
 * cannot express, so that a bad option is refused before a recording is sent.
 * @throws `OPTION_INVALID`
 */
export function normalizeOptions(options: TranscriptionOptions): TranscriptionOptions {
  checkClips(options.clipTimestamps ?? []);
  checkChannels(options);
  const { language: given, languages: givenCandidates = [], ...others } = options;
  const language = given === undefined ? undefined : readLanguage(given);
  // A query has them repeated, or in one text with commas.
  const names = givenCandidates.flatMap((each) => each.split(','));
  const candidates = [...new Set(names.flatMap((each) => readLanguage(each) ?? []))];
  if (language === undefined) return candidates.length === 0 ? others : { ...others, languages: candidates };
  if (candidates.length === 0) return { ...others, language };
  throw new HearthError('OPTION_INVALID', 'Expected language or languages, got both.', {
    hint: 'Set `language` if you know it, or `languages` to detect one of several.',
  });
}

function checkChannels({ audioChannels = 'mix', audioTrack = '', speakerNames = [] }: TranscriptionOptions): void {
  if (!/^(mix|split|[1-9]\d?)$/.test(audioChannels)) {
    throw new HearthError(
      'OPTION_INVALID',
      `Expected mix, split or the number of a channel, got ${shorten(audioChannels)}.`,
      {
        hint: 'Use `split` to have each channel transcribed and named.',
      },
    );
  }
  if (speakerNames.length === 0 || audioChannels === 'split' || /,|^\s*all\s*$/i.test(audioTrack)) return;
  throw new HearthError(
    'OPTION_INVALID',
    'Expected channels or tracks that are told apart beside speakerNames, got none.',
    {
      hint: 'Add audioChannels=split (--channels split) or audioTrack=all (--track all).',
    },
  );
}

/** Each part ends after its start and starts no earlier than the end of the part before it. */
function checkClips(seconds: readonly number[]): void {
  for (let index = 0; index < seconds.length; index += 2) {
    const [previousEnd = 0, start = 0, end] = [seconds[index - 1], seconds[index], seconds[index + 1]];
    if (end !== undefined && end <= start) {
      throw new HearthError('OPTION_INVALID', `Expected a part that ends after its start, got ${start},${end}.`, {
        hint: 'Give clip timestamps as start,end,start,end in seconds.',
      });
    }
    if (start < previousEnd) {
      const pair = end === undefined ? `${start}` : `${start},${end}`;
      throw new HearthError(
        'OPTION_INVALID',
        `Expected parts in order, got ${pair} after one that ends at ${previousEnd}.`,
        {
          hint: 'Give clip timestamps in the order of the recording, without overlaps.',
        },
      );
    }
  }
}

/** @throws `OPTION_INVALID` for a part that starts after the end of the recording */
export function checkClipsAgainstLength(seconds: readonly number[], durationSeconds: number): void {
  for (let index = 0; index < seconds.length; index += 2) {
    const [start = 0, end] = [seconds[index], seconds[index + 1]];
    if (start < durationSeconds) continue;
    const pair = end === undefined ? `${start}` : `${start},${end}`;
    throw new HearthError(
      'OPTION_INVALID',
      `Expected parts that begin within the recording, got ${pair} in one of ${durationSeconds.toFixed(1)} s.`,
      { hint: 'Give clip timestamps in seconds.' },
    );
  }
}
