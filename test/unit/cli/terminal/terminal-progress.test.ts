import { Writable } from 'node:stream';
import { beforeEach, expect, test } from '@jest/globals';
import type { Progress } from '../../../../daemon/src/cli/terminal/progress.ts';
import { createTerminalProgress } from '../../../../daemon/src/cli/terminal/terminal-progress.ts';
import type { JobEvent } from '../../../../daemon/src/protocol/job-events.ts';

const erased = '\r\x1b[J\x1b[?25h';

let screen: string;
let nowMs: number;

function terminal(): NodeJS.WriteStream {
  const stream = new Writable({
    write(chunk, _encoding, done) {
      screen += String(chunk);
      done();
    },
  });
  return Object.assign(stream, {
    ...{ isTTY: true, columns: 100 },
  }) as unknown as NodeJS.WriteStream;
}

beforeEach(() => {
  screen = '';
  nowMs = 0;
});

const opened = {
  ...{ seq: 0, jobId: 'job-1', type: 'audio-opened' },
  audio: { durationSeconds: 600, container: 'MP3', codec: 'MPEG layer 3', sampleRateHz: 44100, channels: 2 },
} as const satisfies JobEvent;

test('the part that is done and the time left are shown from the pace so far', () => {
  const progress = createTerminalProgress(terminal(), () => nowMs);
  progress.start('talks/talk.mp3');
  progress.follow(opened);
  nowMs = 30_000;
  progress.follow({ seq: 1, jobId: 'job-1', type: 'segments-decoded', segments: [], processedSeconds: 150 });
  progress.around(() => {});
  progress.stop();
  expect(screen).toContain('talk.mp3');
  expect(screen).toContain('25% 1 min 30 s left');
});

test('the words that are being decoded are shown, the last ones of many', () => {
  const progress = createTerminalProgress(terminal(), () => nowMs);
  progress.start('talk.mp3');
  progress.follow(opened);
  const text = ' And so my fellow Americans, ask not what your country can do for you';
  progress.follow({ jobId: 'job-1', type: 'text-partial', startSeconds: 0, text: ' And so my' });
  progress.around(() => {});
  progress.follow({ jobId: 'job-1', type: 'text-partial', startSeconds: 0, text });
  progress.around(() => {});
  progress.stop();
  expect(screen).toContain(' And so my');
  expect(screen).toContain('…fellow Americans, ask not what your country can do for you');
});

test('what lasts is printed between two drawings of the bar', () => {
  const progress = createTerminalProgress(terminal(), () => nowMs);
  progress.start('talk.mp3');
  progress.follow(opened);
  screen = '';
  progress.around(() => {
    screen += 'Good morning.\n';
  });
  const [before, after] = screen.split('Good morning.\n') as [string, string];
  expect(before.endsWith(erased)).toBe(true);
  expect(after).toContain('talk.mp3');
  progress.stop();
});

test('a waiting job shows what it waits for', () => {
  const progress = createTerminalProgress(terminal(), () => nowMs);
  progress.start('talk.mp3');
  progress.follow({ seq: 0, jobId: 'job-1', type: 'job-queued', position: 2 });
  expect(drawn(progress)).toContain('waiting, 2 ahead');
  progress.follow({ jobId: 'job-1', type: 'model-loading', model: 'base', progress: 0.4 });
  expect(drawn(progress)).toContain('40% loading the model');
  progress.follow({ seq: 1, jobId: 'job-1', type: 'model-ready', model: 'base' });
  expect(drawn(progress)).toContain('reading the recording');
  progress.stop();
});

/** What is on the screen now. */
function drawn(progress: Progress): string {
  screen = '';
  progress.around(() => {});
  return screen;
}
