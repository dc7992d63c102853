import type { FormatName } from '../../formats/formats.ts';
import { segmentLine } from '../../formats/segment-line.ts';
import type { SubtitleLayout } from '../../formats/transcript-format.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { OutputFormat } from './plan-output.ts';

/** Writes one transcript: it receives every event of the job, then the result. */
export interface TranscriptSink {
  readonly follow: (event: JobEvent) => void;
  readonly finish: (transcript: Transcript) => Promise<void> | void;
}

export interface SinkRequest {
  readonly format: OutputFormat;
  /** Null for standard output. */
  readonly path: string | null;
  /** Line before the text of one of several inputs. */
  readonly heading: string | null;
  /** Print text as it is decoded. Only for people: a job that fails later leaves a part of the text. */
  readonly live: boolean;
  readonly layout?: SubtitleLayout;
  /** Aborting ends the wait for the reader of a pipe. */
  readonly signal?: AbortSignal;
  readonly print: (text: string) => void;
}

/** Loads the code that writes transcripts only when it is needed, so that the recording is sent sooner. */
export function createTranscriptSink(request: SinkRequest): TranscriptSink {
  const { format, path, print, signal, layout = {} } = request;
  async function write(text: string): Promise<void> {
    if (path === null) return print(text);
    const { writeOutput } = await import('./write-output.ts');
    await writeOutput(path, text, signal);
  }
  if (format === 'ndjson') return path === null ? eventPrinter(print) : eventWriter(write);
  const heading = path === null && format === 'txt' && request.heading !== null ? `==> ${request.heading} <==\n` : '';
  if (path === null && format === 'txt' && request.live) return textPrinter(heading, print);
  return { follow: ignore, finish: async (transcript) => write(heading + (await render(format, transcript, layout))) };
}

function textPrinter(heading: string, print: (text: string) => void): TranscriptSink {
  let pending = heading;
  return {
    follow: (event) => {
      if (event.type !== 'segments-decoded') return;
      print(pending + event.segments.map(segmentLine).join(''));
      pending = '';
    },
    finish: () => print(pending),
  };
}

function eventPrinter(print: (text: string) => void): TranscriptSink {
  return { follow: (event) => print(`${JSON.stringify(event)}\n`), finish: ignore };
}

function eventWriter(write: (text: string) => Promise<void>): TranscriptSink {
  const lines: string[] = [];
  return {
    follow: (event) => void lines.push(`${JSON.stringify(event)}\n`),
    finish: () => write(lines.join('')),
  };
}

/** A transcript in a format, with a line break at its end unless it is empty. */
export async function render(format: FormatName, transcript: Transcript, layout: SubtitleLayout): Promise<string> {
  const { formats } = await import('../../formats/formats.ts');
  const text = formats[format].write(transcript, layout);
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function ignore(): void {}
