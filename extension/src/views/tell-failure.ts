import { showToast, Toast } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { offerToStart } from "../start/offer-to-start";

/** Does something and tells of its failure in one toast; where Hearth does not run, the toast starts it and goes on. */
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
