import { modelNameOf } from '../../models/hub-cache.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { Job } from './job.ts';
import type { LiveJob } from './live-job.ts';

/**
 * Adds what the engine says of a job to its event log. A job that starts again after a crash decodes the same segments
 * again; followers hear each once.
 */
export function recordEngineEvent(job: Job, event: EngineEvent): void {
  if (job.endedAt !== null) return;
  if (event.type === 'model-loading') {
    const { modelFolder, progress } = event;
    job.events.show({ type: 'model-loading', model: modelNameOf(modelFolder), progress });
  }
  if (event.type === 'model-ready') job.events.append({ type: 'model-ready', model: event.model.name });
  if (event.type === 'audio-opened' && job.durationSeconds === null) {
    if (job.live === null) job.durationSeconds = event.audio.durationSeconds;
    job.events.append({ type: 'audio-opened', audio: event.audio });
  }
  if (event.type === 'language-detected' && job.language === null) {
    const { language, probability } = event;
    job.language = language;
    if (job.live !== null) job.live.languageProbability = probability;
    job.events.append({ type: 'language-detected', language, probability });
  }
  if (event.type === 'text-partial' && event.startSeconds >= job.processedSeconds) {
    const { startSeconds, text, speaker } = event;
    job.events.show({ type: 'text-partial', startSeconds, text, ...(speaker !== undefined && { speaker }) });
  }
  if (event.type === 'segments-decoded') {
    const { processedSeconds } = event;
    const segments = event.segments.filter(({ id }) => id >= job.segmentCount);
    if (segments.length === 0 && processedSeconds <= job.processedSeconds) return;
    job.segmentCount += segments.length;
    job.processedSeconds = processedSeconds;
    job.events.append({ type: 'segments-decoded', segments, processedSeconds });
  }
  if (job.live !== null) recordLiveEvent(job, job.live, event);
}

/** An engine that takes a session over begins where the last committed text ends, so that none comes twice. */
function recordLiveEvent(job: Job, live: LiveJob, event: EngineEvent): void {
  if (event.type === 'speech-started' && !live.isSpeaking) {
    live.isSpeaking = true;
    live.hasStopped = false;
    job.events.append({ type: 'speech-started', atSeconds: event.atSeconds });
  }
  if (event.type === 'speech-stopped' && !live.hasStopped) {
    live.hasStopped = true;
    job.events.append({ type: 'speech-stopped', atSeconds: event.atSeconds });
  }
  if (event.type === 'text-tentative') {
    const { startSeconds, text, agreed } = event;
    job.events.show({ type: 'text-tentative', startSeconds, text, agreed });
  }
  if (event.type === 'text-committed') {
    const { startSeconds, endSeconds, text } = event;
    live.committedSeconds = endSeconds;
    // It gets on: what an engine died of before is behind it.
    job.crashes = 0;
    live.sharedCrashes = 0;
    job.events.append({ type: 'text-committed', startSeconds, endSeconds, text });
  }
  if (event.type === 'utterance-done') {
    const { startSeconds, endSeconds } = event;
    live.isSpeaking = false;
    live.committedSeconds = endSeconds;
    job.events.append({ type: 'utterance-done', startSeconds, endSeconds });
  }
  if (event.type === 'audio-dropped') {
    live.isSpeaking = false;
    live.committedSeconds = event.endSeconds;
    job.events.append({ type: 'audio-dropped', endSeconds: event.endSeconds });
  }
}
