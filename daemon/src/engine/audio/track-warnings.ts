import type { NativeAudio } from '@hearth/native';
import type { ChosenTrack } from './choose-track.ts';
import { listTracks } from './list-tracks.ts';

/** Below the noise of any microphone, where 1 is full scale. */
const silentAmplitude = 0.0005;

/** What to know about a recording with several audio tracks; nothing when the choice was the user's own and has sound. */
export function describeTracks({ tracks, taken, wasAskedFor }: ChosenTrack, audio: NativeAudio): string[] {
  if (tracks.length < 2) return [];
  const isSilent = audio.peakAmplitude < silentAmplitude;
  if (wasAskedFor && !isSilent) return [];
  const which = taken === null ? 'One of them' : `Track ${taken}`;
  const found = isSilent ? ' and is silent' : '';
  return [
    `The recording has ${tracks.length} audio tracks${listTracks(tracks)}. ${which} was transcribed${found}; the option audioTrack (--track) chooses another.`,
  ];
}
