import { openExtensionPreferences, Toast } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { startHearth } from "./start-hearth";

// When a command ends, its toast's actions are gone, so it stays as long as somebody may want them.
const offerMs = 60_000;

/**
 * Says that Hearth is not running and offers to start it, again if starting fails. True if it was started; false if
 * nobody asked for it in time.
 */
export function offerToStart(toast: Toast, title: string): Promise<boolean> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const offer = (failed: { title: string; message: string; isMissing?: boolean }) => {
      toast.style = Toast.Style.Failure;
      toast.title = failed.title;
      toast.message = failed.message;
      toast.primaryAction = { title: "Start Hearth", shortcut: { modifiers: ["cmd"], key: "s" }, onAction: start };
      toast.secondaryAction = failed.isMissing
        ? { title: "Open Preferences", onAction: () => openExtensionPreferences() }
        : undefined;
      timer = setTimeout(() => resolve(false), offerMs);
    };
    const start = async () => {
      clearTimeout(timer);
      toast.style = Toast.Style.Animated;
      toast.title = "Starting Hearth";
      toast.message = undefined;
      toast.primaryAction = undefined;
      toast.secondaryAction = undefined;
      try {
        await startHearth();
        resolve(true);
      } catch (error) {
        const { message, hint = "" } = error as Error & { hint?: string };
        offer({ title: message, message: hint, isMissing: codeOf(error) === "NOT_INSTALLED" });
      }
    };
    offer({ title, message: "" });
  });
}
