import type { AudioTrack } from '../../converters/converter.ts';
import { visibleText } from '../../errors/visible-text.ts';
import { languageName } from './list-tracks.ts';
import type { OpenChannels } from './open-channels.ts';
import type { Recording, Voice } from './recording.ts';

/** The sound of one track. */
export interface OpenTrack extends OpenChannels {
  /** Null where nobody tells of tracks. */
  readonly track: AudioTrack | null;
}

const longestName = 80;

/**
 * Names the sounds of a recording: those of several tracks by their titles, languages or numbers, those of channels by
 * their places. The user's own names come first, in the order of the sounds. A single sound has no name.
 */
export function nameVoices(tracks: readonly [OpenTrack, ...OpenTrack[]], names: readonly string[] = []): Recording {
  const labels = trackLabels(tracks);
  const warnings = async () => [...new Set((await Promise.all(tracks.map((each) => each.warnings()))).flat())];
  const [first, ...others] = tracks
    .flatMap((track, index) => voicesOf(track, labels[index] ?? null))
    .map(({ audio, voice }, index) => ({
      audio,
      voice: { ...voice, speaker: oneLine(names[index]) ?? voice.speaker },
    }));
  if (first === undefined || others.length === 0)
    return { sounds: [{ audio: tracks[0].audios[0], voice: null }], warnings };
  const count = others.length + 1;
  const tooMany = `${names.length} names of speakers were given, but ${count} channels or tracks are told apart.`;
  return {
    sounds: [first, ...others],
    warnings: async () => [...(await warnings()), ...(names.length > count ? [tooMany] : [])],
  };
}

function voicesOf({ audios, areApart, track }: OpenTrack, label: string | null) {
  return audios.map((audio, index) => {
    const parts = [label, areApart ? audio.channel : null].filter((part) => part !== null);
    const voice: Voice = {
      speaker: parts.join(', '),
      ...(label !== null && track !== null && { track: track.number }),
      ...(areApart && { channel: index + 1 }),
    };
    return { audio, voice };
  });
}

/** A title or a language that several tracks share tells nothing. */
function trackLabels(tracks: readonly OpenTrack[]): readonly (string | null)[] {
  if (tracks.length === 1) return [null];
  const titles = tracks.map(({ track }) => oneLine(track?.title));
  const languages = tracks.map(({ track }) => (track?.language ? languageName(track.language) : null));
  return tracks.map(({ track }, index) => {
    return unique(titles, index) ?? unique(languages, index) ?? `Track ${track?.number ?? index + 1}`;
  });
}

function unique(labels: readonly (string | null)[], index: number): string | null {
  const label = labels[index] ?? null;
  return labels.filter((each) => each === label).length === 1 ? label : null;
}

function oneLine(name: string | null | undefined): string | null {
  return visibleText((name ?? '').replace(/\s+/g, ' ').trim()).slice(0, longestName) || null;
}
