import { randomUUID } from 'node:crypto';
import type { JobEvent } from '../../../protocol/job-events.ts';
import type { Transcript } from '../../../protocol/transcript.ts';

/** Makes OpenAI's items of the utterances of a live session, and tells of them in OpenAI's events. */
export interface RealtimeItems {
  follow(event: JobEvent): void;
  /** The client ends an utterance itself. */
  commit(): void;
}

export interface RealtimeItemsRequest {
  readonly tell: (event: object) => void;
  readonly isBeta: boolean;
  /** Sound that earlier sessions of the connection took. */
  readonly startMs: number;
  /** Voice activity decides where utterances begin and end. */
  readonly hasVoice: boolean;
  readonly previousItemId: () => string | null;
  readonly onCommitted: (id: string) => void;
}

interface Item {
  readonly id: string;
  /** From then on the client waits for its text. */
  isCommitted: boolean;
  transcript: string;
}

/** Why a live session was given up before all of its sound had its text; null if it was not. */
export function textCutOff({ warnings, warning_codes: codes = [] }: Transcript) {
  return codes.includes('text-cut-off') ? { code: 'text-cut-off', message: warnings.join(' ') } : null;
}

export function createRealtimeItems(request: RealtimeItemsRequest): RealtimeItems {
  const { tell, isBeta, startMs, hasVoice, previousItemId, onCommitted } = request;
  /** The utterance that goes on, or the ones that wait for their text, the oldest first. */
  const items: Item[] = [];

  const msAt = (seconds: number) => startMs + Math.round(seconds * 1000);

  function begin(): Item {
    const item: Item = {
      id: `item_${randomUUID().replaceAll('-', '').slice(0, 21)}`,
      isCommitted: false,
      transcript: '',
    };
    items.push(item);
    return item;
  }

  function tellCommitted(committed: Item): void {
    const { id } = committed;
    committed.isCommitted = true;
    const previous_item_id = previousItemId();
    onCommitted(id);
    tell({ type: 'input_audio_buffer.committed', item_id: id, previous_item_id });
    const content = [{ type: 'input_audio', transcript: null }];
    const item = { id, object: 'realtime.item', type: 'message', status: 'completed', role: 'user', content };
    const types = isBeta ? ['created'] : ['added', 'done'];
    for (const type of types) tell({ type: `conversation.item.${type}`, previous_item_id, item });
  }

  function tellDone({ id, transcript }: Item, seconds: number): void {
    tell({
      type: 'conversation.item.input_audio_transcription.completed',
      ...{ item_id: id, content_index: 0, transcript, logprobs: null },
      usage: { type: 'duration', seconds: Math.round(seconds * 1000) / 1000 },
    });
  }

  function tellFailed({ code, message }: { readonly code: string; readonly message: string }): void {
    const error = { type: 'server_error', code, message, param: null };
    for (const { id } of items.splice(0)) {
      tell({ type: 'conversation.item.input_audio_transcription.failed', item_id: id, content_index: 0, error });
    }
  }

  return {
    commit() {
      if (!hasVoice) tellCommitted(begin());
    },
    follow(event) {
      const [item] = items;
      switch (event.type) {
        case 'speech-started':
          tell({
            type: 'input_audio_buffer.speech_started',
            audio_start_ms: msAt(event.atSeconds),
            item_id: begin().id,
          });
          return;
        case 'speech-stopped': {
          if (item === undefined) return;
          const audio_end_ms = msAt(event.atSeconds);
          tell({ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: item.id });
          tellCommitted(item);
          return;
        }
        case 'text-committed': {
          if (item === undefined) return;
          const delta = item.transcript === '' ? event.text.trimStart() : event.text;
          item.transcript += delta;
          tell({
            type: 'conversation.item.input_audio_transcription.delta',
            ...{ item_id: item.id, content_index: 0, delta },
          });
          return;
        }
        case 'utterance-done': {
          const done = items.shift() ?? begin();
          // Nobody spoke before the client ended it.
          if (item === undefined) {
            items.shift();
            tellCommitted(done);
          }
          tellDone(done, event.endSeconds - event.startSeconds);
          return;
        }
        case 'audio-dropped':
          if (items.at(-1)?.isCommitted === false) items.pop();
          return;
        case 'job-failed':
          tellFailed(event.error);
          return;
        case 'job-done': {
          const cutOff = textCutOff(event.result);
          if (cutOff !== null) tellFailed(cutOff);
        }
      }
    },
  };
}
