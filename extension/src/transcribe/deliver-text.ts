import { Clipboard, getPreferenceValues, showHUD } from "@raycast/api";

export interface Delivery {
  text: string;
  /** Name of the recording, for the message. */
  name: string;
  elapsedSeconds: number;
  /** Further sentences for the message. */
  more?: string;
  /** Done once the text has arrived, and before that is said: Raycast may end the command with its window. */
  onArrived?: () => Promise<void>;
}

// After this, the app in front may not be the one that the text was meant for.
const pasteLimitSeconds = 60;

/** Pastes or copies a finished text, as set in the preferences, and says so. */
export async function deliverText(delivery: Delivery): Promise<void> {
  const { name, more = "", onArrived } = delivery;
  const done = await handOver(delivery);
  await onArrived?.();
  await showHUD(withMore(`${done} ${name}`, more));
}

async function handOver({ text, elapsedSeconds }: Delivery): Promise<string> {
  if (text.trim() === "") return "No speech in";
  const { delivery } = getPreferenceValues<Preferences>();
  if (delivery === "paste" && elapsedSeconds <= pasteLimitSeconds) {
    await Clipboard.paste(text);
    return "Pasted the text of";
  }
  await Clipboard.copy(text);
  return "Copied the text of";
}

/** A single sentence has no full stop. */
export function withMore(said: string, more: string): string {
  return more === "" ? said : `${said}. ${more}`;
}
