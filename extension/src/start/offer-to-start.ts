import { Toast } from "@raycast/api";
import { startHearth } from "./start-hearth";

// A command that has ended takes its toast's actions with it, so it stays for as long as somebody may want them.
const offerMs = 60_000;

/**
 * Says that Hearth does not run and offers to start it. True when it was started; false when nobody asked for it, or it
 * failed and the toast says why.
 */
export function offerToStart(toast: Toast, title: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), offerMs);
    const offer = (failed: { title: string; message: string }) => {
      toast.style = Toast.Style.Failure;
      toast.title = failed.title;
      toast.message = failed.message;
      toast.primaryAction = { title: "Start Hearth", shortcut: { modifiers: ["cmd"], key: "s" }, onAction: start };
    };
    const start = async () => {
      clearTimeout(timer);
      toast.style = Toast.Style.Animated;
      toast.title = "Starting Hearth";
      toast.message = undefined;
      toast.primaryAction = undefined;
      try {
        await startHearth();
        resolve(true);
      } catch (error) {
        const { message, hint = "" } = error as Error & { hint?: string };
        offer({ title: message, message: hint });
      }
    };
    offer({ title, message: "" });
  });
}
