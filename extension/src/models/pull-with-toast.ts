import { showToast, Toast } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { pullModel } from "../daemon/models";
import { offerToStart } from "../start/offer-to-start";
import { formatPercent } from "../transcribe/progress";
import { describeBytes } from "./describe-model";

/** Downloads a model with one toast that shows the progress and can cancel. Says whether the model is here. */
export async function pullWithToast(repository: string): Promise<boolean> {
  const toast = await showToast({ style: Toast.Style.Animated, title: `Downloading ${repository}` });
  for (;;) {
    try {
      await pullOnce(toast, repository);
      toast.style = Toast.Style.Success;
      toast.title = `${repository} is here`;
      toast.message = undefined;
      return true;
    } catch (error) {
      const { message, hint } = error as Error & { hint?: string };
      const isDown = codeOf(error) === "DAEMON_UNREACHABLE";
      if (isDown && (await offerToStart(toast, message))) continue;
      if (isDown) return false;
      const isCancelled = codeOf(error) === "CANCELLED";
      toast.style = Toast.Style.Failure;
      toast.title = message;
      toast.message = isCancelled ? "The next download continues where this one stopped." : hint;
      return false;
    }
  }
}

async function pullOnce(toast: Toast, repository: string): Promise<void> {
  const cancelling = new AbortController();
  toast.style = Toast.Style.Animated;
  toast.title = `Downloading ${repository}`;
  toast.primaryAction = {
    title: "Cancel",
    shortcut: { modifiers: ["cmd"], key: "." },
    onAction: () => cancelling.abort(),
  };
  try {
    await pullModel({
      repository,
      signal: cancelling.signal,
      onProgress(receivedBytes, totalBytes) {
        const share = totalBytes === 0 ? 0 : receivedBytes / totalBytes;
        const message = `${formatPercent(share)} of ${describeBytes(totalBytes)}`;
        // Each assignment sends a message to Raycast.
        if (toast.message !== message) toast.message = message;
      },
    });
  } finally {
    toast.primaryAction = undefined;
  }
}
