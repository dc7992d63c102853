import { showToast, Toast } from "@raycast/api";
import { LiveSession } from "./live-session";

/**
 * Waits for the text of a recording that Hearth has heard, with a toast that can cancel it: the text is null then. Null
 * if the session failed, for whatever reason: the recording is there.
 */
export async function finishWithToast(session: LiveSession): Promise<{ text: string | null; toast: Toast } | null> {
  let isCancelled = false;
  const toast = await showToast({
    style: Toast.Style.Animated,
    title: "Transcribing Dictation",
    primaryAction: {
      title: "Cancel",
      shortcut: { modifiers: ["cmd"], key: "." },
      onAction: () => {
        isCancelled = true;
        session.cancel();
      },
    },
  });
  const text = await session.finish().catch(() => null);
  toast.primaryAction = undefined;
  if (text !== null) return { text, toast };
  if (!isCancelled) return null;
  toast.style = Toast.Style.Failure;
  toast.title = "Cancelled";
  return { text: null, toast };
}
