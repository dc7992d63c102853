import type { FormatName, TextFormatName } from '../../formats/formats.ts';
import { segmentLine } from '../../formats/segment-line.ts';
import type { TranscriptOrigin } from '../../formats/transcript-facts.ts';
import type { SubtitleLayout } from '../../formats/transcript-format.ts';
import type { JobEvent } from '../../protocol/job-events.ts';
import type { Transcript } from '../../protocol/transcript.ts';
import type { OutputFormat, OutputPlan } from './plan-output.ts';

/** Writes one transcript: it receives every event of the job, then the result. */
export interface TranscriptSink {
  readonly follow: (event: JobEvent) => void;
  readonly finish: (transcript: Transcript) => Promise<void> | void;
}

export interface SinkRequest {
  readonly format: OutputFormat;
  /** Null for standard output; by the language where the name has it. */
  readonly path: string | null | ((language: string) => string);
  /** Line before the text of one of several inputs. */
  readonly heading: string | null;
  /** Print text as it is decoded. Only for people: a job that fails later leaves a part of the text. */
  readonly live: boolean;
  readonly layout?: SubtitleLayout;
  readonly origin?: TranscriptOrigin;
  /** Aborting ends the wait for the reader of a pipe. */
  readonly signal?: AbortSignal;
  readonly print: (text: string) => void;
}

/** The transcript of one input by all plans: a sink that passes everything on to one for each. */
export function createTranscriptSinks(
  plans: readonly OutputPlan[],
  input: string,
  request: Omit<SinkRequest, 'format' | 'path'>,
): TranscriptSink {
  const sinks = plans.map(({ format, pathFor }) => {
    const path = pathFor(input) === null ? null : (language: string) => pathFor(input, language) ?? '';
    return createTranscriptSink({ ...request, format, path });
  });
  return {
    follow: (event) => {
      for (const sink of sinks) sink.follow(event);
    },
    async finish(transcript) {
      for (const sink of sinks) await sink.finish(transcript);
    },
  };
}

/** Loads the code that writes transcripts only when it is needed, so that the recording is sent sooner. */
export function createTranscriptSink(request: SinkRequest): TranscriptSink {
  const { format, path, print, signal, layout = {}, origin } = request;
  async function write(content: string | Uint8Array, { language }: Transcript): Promise<void> {
    if (path === null) return print(String(content));
    const { writeOutput } = await import('./write-output.ts');
    await writeOutput(typeof path === 'string' ? path : path(language), content, signal);
  }
  if (format === 'ndjson') return path === null ? eventPrinter(print) : eventWriter(write);
  const heading = path === null && format === 'txt' && request.heading !== null ? `==> ${request.heading} <==\n` : '';
  if (path === null && format === 'txt' && request.live) return textPrinter(heading, print);
  return {
    follow: ignore,
    finish: async (transcript) => {
      const content = await render(format, transcript, layout, origin);
      await write(typeof content === 'string' ? heading + content : content, transcript);
    },
  };
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

function eventWriter(write: (text: string, transcript: Transcript) => Promise<void>): TranscriptSink {
  const lines: string[] = [];
  return {
    follow: (event) => void lines.push(`${JSON.stringify(event)}\n`),
    finish: (transcript) => write(lines.join(''), transcript),
  };
}

/** A transcript in a format; text has a line break at its end unless it is empty. */
export async function render(
  format: TextFormatName,
  transcript: Transcript,
  layout: SubtitleLayout,
  origin?: TranscriptOrigin,
): Promise<string>;
export async function render(
  format: FormatName,
  transcript: Transcript,
  layout: SubtitleLayout,
  origin?: TranscriptOrigin,
): Promise<string | Uint8Array>;
export async function render(
  format: FormatName,
  transcript: Transcript,
  layout: SubtitleLayout,
  origin?: TranscriptOrigin,
): Promise<string | Uint8Array> {
  const { formats } = await import('../../formats/formats.ts');
  const text = await formats[format].write(transcript, layout, origin);
  if (typeof text !== 'string') return text;
  return text === '' || text.endsWith('\n') ? text : `${text}\n`;
}

function ignore(): void {}
