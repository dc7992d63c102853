import { visibleText } from '../../errors/visible-text.ts';
import type { Transcript } from '../../protocol/transcript.ts';

const secondsPerWindow = 30;

/** How long each stage of a request took, one a line: its milliseconds, its share and what it counted. */
export function timingsTable(name: string, { timings, duration }: Transcript): string {
  const perStep = (seconds: number) => milliseconds(seconds / Math.max(1, timings.decoder_steps));
  const steps = `host ${perStep(timings.decode_host)} ms, device ${perStep(timings.decode_device)} ms a step`;
  const right = `, ${timings.accepted_draft_tokens} of ${plural(timings.draft_tokens, 'guess', 'guesses')} right`;
  const counted = `${plural(timings.tokens, 'token')}, ${plural(timings.decoder_steps, 'step')}`;
  const decoded = `${counted}${timings.draft_tokens > 0 ? right : ''}, ${steps}`;
  const stages: readonly (readonly [stage: string, seconds: number, note?: string])[] = [
    ['model wait', timings.model_wait],
    ['audio decoding', timings.audio_decode],
    ['voice activity', timings.voice_activity],
    ['log-mel', timings.log_mel],
    ['encoder', timings.encode, windowsOf(timings)],
    ['language detection', timings.language_detection],
    ['decoder', timings.decode, decoded],
    ['  its prompts', timings.decode_prompt],
    ['word times', timings.align],
    ['other', timings.other],
    ['total', timings.total],
  ];
  const speed = (duration / Math.max(timings.total, 1e-3)).toFixed(1);
  const lines = stages.map(([stage, seconds, note = '']) => {
    const share = ((100 * seconds) / Math.max(timings.total, 1e-3)).toFixed(1);
    return `  ${stage.padEnd(18)} ${milliseconds(seconds).padStart(9)} ms ${share.padStart(5)} %  ${note}`.trimEnd();
  });
  return `${visibleText(name)}: ${duration.toFixed(1)} s of sound, ${speed}x real time\n${lines.join('\n')}`;
}

function windowsOf({ windows, window_seconds: seconds }: Transcript['timings']): string {
  const areFull = seconds === undefined || seconds === windows * secondsPerWindow;
  return areFull ? plural(windows, 'window') : `${plural(windows, 'window')}, ${seconds} s`;
}

function milliseconds(seconds: number): string {
  return (seconds * 1000).toFixed(1);
}

function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : many}`;
}
