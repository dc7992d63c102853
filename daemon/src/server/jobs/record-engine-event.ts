import { modelNameOf } from '../../models/hub-cache.ts';
import type { EngineEvent } from '../../protocol/engine-messages.ts';
import type { Job } from './job.ts';

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
    job.durationSeconds = event.audio.durationSeconds;
    job.events.append({ type: 'audio-opened', audio: event.audio });
  }
  if (event.type === 'language-detected' && job.language === null) {
    const { language, probability } = event;
    job.language = language;
    job.events.append({ type: 'language-detected', language, probability });
  }
  if (event.type === 'text-partial' && event.startSeconds >= job.processedSeconds) {
    job.events.show({ type: 'text-partial', startSeconds: event.startSeconds, text: event.text });
  }
  if (event.type === 'segments-decoded') {
    const { processedSeconds } = event;
    const segments = event.segments.filter(({ id }) => id >= job.segmentCount);
    if (segments.length === 0 && processedSeconds <= job.processedSeconds) return;
    job.segmentCount += segments.length;
    job.processedSeconds = processedSeconds;
    job.events.append({ type: 'segments-decoded', segments, processedSeconds });
  }
}
