import { showToast, Toast } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { offerToStart } from "../start/offer-to-start";

/** Does some work and reports its failure in one toast. If Hearth is not running, the toast starts it and tries again. */
export async function tellFailure(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      const { message, hint } = error as Error & { hint?: string };
      const toast = await showToast({ style: Toast.Style.Failure, title: message, message: hint });
      if (codeOf(error) !== "DAEMON_UNREACHABLE" || !(await offerToStart(toast, message))) return;
      await toast.hide();
    }
  }
}
