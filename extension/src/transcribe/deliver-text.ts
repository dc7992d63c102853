import { Clipboard, getPreferenceValues, showHUD } from "@raycast/api";

export interface Delivery {
  text: string;
  /** What the text is of, for the message. */
  name: string;
  elapsedSeconds: number;
  /** What else the message says, in sentences. */
  more?: string;
}

// After longer than this, the app in front may not be the one that the text was meant for.
const pasteLimitSeconds = 60;

/** Pastes or copies a finished text, as preferences say, and tells so. */
export async function deliverText({ text, name, elapsedSeconds, more = "" }: Delivery): Promise<void> {
  if (text.trim() === "") {
    await showHUD(withMore(`No speech in ${name}`, more));
    return;
  }
  const { delivery } = getPreferenceValues<Preferences>();
  if (delivery === "paste" && elapsedSeconds <= pasteLimitSeconds) {
    await Clipboard.paste(text);
    await showHUD(withMore(`Pasted the text of ${name}`, more));
    return;
  }
  await Clipboard.copy(text);
  await showHUD(withMore(`Copied the text of ${name}`, more));
}

/** A sentence stands without its full stop where it is alone. */
export function withMore(said: string, more: string): string {
  return more === "" ? said : `${said}. ${more}`;
}
