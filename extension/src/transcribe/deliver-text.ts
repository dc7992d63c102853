import { Clipboard, getPreferenceValues, showHUD } from "@raycast/api";

export interface Delivery {
  text: string;
  /** What the text is of, for the message. */
  name: string;
  elapsedSeconds: number;
}

// After longer than this, the app in front may not be the one that the text was meant for.
const pasteLimitSeconds = 60;

/** Pastes or copies a finished text, as preferences say, and tells so. */
export async function deliverText({ text, name, elapsedSeconds }: Delivery): Promise<void> {
  if (text.trim() === "") {
    await showHUD(`No speech in ${name}`);
    return;
  }
  const { delivery } = getPreferenceValues<Preferences>();
  if (delivery === "paste" && elapsedSeconds <= pasteLimitSeconds) {
    await Clipboard.paste(text);
    await showHUD(`Pasted the text of ${name}`);
    return;
  }
  await Clipboard.copy(text);
  await showHUD(`Copied the text of ${name}`);
}
