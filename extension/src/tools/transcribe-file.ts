import { existsSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { userHome } from "../daemon/socket-path";
import { fileRecording } from "../recordings/recording";
import { defaultOptions } from "../settings/default-options";
import { itemOf } from "../transcribe/batch";
import { transcribeAll } from "../transcribe/transcribe-all";

type Input = {
  /** Absolute path of the audio or video file, or one that starts with ~/ */
  path: string;
  /** Language spoken, as a code such as "de". Leave it out to detect the language */
  language?: string;
  /** Whether to translate the text to English */
  translateToEnglish?: boolean;
};

interface Output {
  id?: string;
  language?: string;
  durationSeconds?: number;
  text: string;
  /** Whether `text` is only the beginning; the history entry `id` has the full text */
  isCut: boolean;
}

// A longer text would push the conversation itself out of the model's context.
const maxCharacters = 24_000;

export default async function transcribeFile({ path, language, translateToEnglish }: Input): Promise<Output> {
  const absolute = path.startsWith("~/") ? join(userHome(), path.slice(2)) : path;
  if (!isAbsolute(absolute)) throw new Error(`Expected an absolute path, got ${path}.`);
  if (!existsSync(absolute)) throw new Error(`There is no file at ${path}.`);
  const [item] = await transcribeAll({
    items: [itemOf(fileRecording(absolute))],
    options: {
      ...defaultOptions(),
      ...(language ? { language } : {}),
      ...(translateToEnglish ? { task: "translate" as const } : {}),
    },
    priority: "interactive",
    signal: new AbortController().signal,
    onChange: () => undefined,
  });
  if (item?.finished == null) throw new Error([item?.error?.message, item?.error?.hint].filter(Boolean).join(" "));
  const { text, language: spoken, durationSeconds } = item.finished;
  return {
    id: item.jobId ?? undefined,
    language: spoken,
    durationSeconds,
    text: text.slice(0, maxCharacters),
    isCut: text.length > maxCharacters,
  };
}
