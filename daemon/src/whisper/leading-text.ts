import { HearthError } from '../errors/hearth-error.ts';
import type { ResolvedOptions } from '../protocol/options/transcription-options.ts';
import type { TranscriptWarning } from './transcript-warning.ts';

/** No text needs so many characters for a token: what is longer is cut before it is encoded. */
const mostCharactersPerToken = 16;

/** What the client puts before a window's own text, as tokens that fit the model. */
export interface LeadingText {
  /** Before every window: hot words, and the initial prompt where it is carried. */
  readonly always: readonly number[];
  /** The initial prompt. */
  readonly initial: readonly number[];
  /** Tokens that hold in front of a window: half of the model's text context. */
  readonly longest: number;
  readonly warnings: readonly TranscriptWarning[];
}

type Encode = (text: string) => readonly number[];

/**
 * Shortens prompt and hot words to what the model takes: of a prompt its end is kept, as in openai/whisper, of hot words
 * their beginning. Where both are long they share the room.
 * @throws `OPTION_INVALID` for a prefix that leaves a window's own text no room
 */
export function fitLeadingText(encode: Encode, textContext: number, options: ResolvedOptions): LeadingText {
  checkPrefix(encode, textContext, options);
  const longest = Math.floor(textContext / 2) - 1;
  const initial = encodeAround(encode, options.initialPrompt, longest, 'end');
  const hotwords = encodeAround(encode, options.hotwords, longest, 'beginning');
  const initialRoom = Math.max(Math.floor(longest / 2), longest - hotwords.tokens.length);
  const keptInitial = initial.tokens.slice(-initialRoom);
  const hotwordsRoom = longest - keptInitial.length;
  const keptHotwords = hotwords.tokens.slice(0, hotwordsRoom);
  const warnings: TranscriptWarning[] = [];
  if (keptInitial.length < initial.tokens.length) {
    const room = `The initial prompt has ${initial.count} tokens, and the model takes ${initialRoom}`;
    warnings.push({ code: 'initial-prompt-shortened', message: `${room}: only its last ${initialRoom} are used.` });
  }
  if (keptHotwords.length < hotwords.tokens.length) {
    const room = `The hot words have ${hotwords.count} tokens, and the model takes ${hotwordsRoom}`;
    warnings.push({ code: 'hotwords-shortened', message: `${room}: only the first ${hotwordsRoom} are used.` });
  }
  return {
    always: options.carryInitialPrompt ? [...keptHotwords, ...keptInitial] : keptHotwords,
    initial: keptInitial,
    longest,
    warnings,
  };
}

/** A prefix is a part of the text: shortened it would say something else. */
function checkPrefix(encode: Encode, textContext: number, { prefix }: ResolvedOptions): void {
  const longest = Math.floor(textContext / 4);
  const { tokens, count } = encodeAround(encode, prefix, longest, 'beginning');
  if (tokens.length <= longest) return;
  throw new HearthError(
    'OPTION_INVALID',
    `Expected prefix to have at most ${longest} tokens, got ${count}. Shorten it.`,
  );
}

interface Encoded {
  readonly tokens: readonly number[];
  /** How many the whole text has. */
  readonly count: string;
}

/** All tokens of a text, or of so much of one end of it that more than `longest` are certain. */
function encodeAround(encode: Encode, text: string, longest: number, keptEnd: 'beginning' | 'end'): Encoded {
  const trimmed = text.trim();
  if (trimmed === '') return { tokens: [], count: '0' };
  const mostCharacters = (longest + 1) * mostCharactersPerToken;
  if (trimmed.length <= mostCharacters) {
    const tokens = encode(` ${trimmed}`);
    return { tokens, count: String(tokens.length) };
  }
  const tokens = encode(keptEnd === 'end' ? trimmed.slice(-mostCharacters) : ` ${trimmed.slice(0, mostCharacters)}`);
  return { tokens, count: `more than ${tokens.length}` };
}
