import { showToast, Toast } from "@raycast/api";
import { codeOf } from "../daemon/daemon-error";
import { offerToStart } from "../start/offer-to-start";
import { BatchItem } from "./batch";
import { describeBatch } from "./describe-batch";
import { BatchRequest, transcribeAll } from "./transcribe-all";

export interface ToastBatchRequest extends Omit<BatchRequest, "signal" | "onChange"> {
  onChange?: (items: BatchItem[]) => void;
  /** What was left out beforehand, also for the toast of a failure. */
  leftOut?: string;
}

/**
 * Transcribes with one toast that shows the progress and can cancel. If Hearth is not running, the toast says so and
 * starts it. Returns how each item ended, and the toast. It reports failures; otherwise the caller closes it.
 */
export async function transcribeWithToast(request: ToastBatchRequest): Promise<{ items: BatchItem[]; toast: Toast }> {
  const toast = await showToast({ style: Toast.Style.Animated, title: describeBatch(request.items).title });
  let items = request.items;
  for (;;) {
    items = await transcribeOnce(toast, { ...request, items });
    const unreached = items.find(({ error }) => codeOf(error) === "DAEMON_UNREACHABLE");
    if (unreached === undefined) break;
    const stopped =
      unreached.jobId === null ? "Hearth is not running." : `Hearth stopped while transcribing ${unreached.name}.`;
    if (!(await offerToStart(toast, stopped))) return { items, toast };
  }
  tellEnding(toast, items, request.leftOut);
  return { items, toast };
}

async function transcribeOnce(toast: Toast, request: ToastBatchRequest): Promise<BatchItem[]> {
  const cancelling = new AbortController();
  toast.style = Toast.Style.Animated;
  toast.primaryAction = {
    title: "Cancel",
    shortcut: { modifiers: ["cmd"], key: "." },
    onAction: () => cancelling.abort(),
  };
  const show = (items: BatchItem[]) => {
    const { title, message } = describeBatch(items);
    // Each assignment sends a message to Raycast.
    if (toast.title !== title) toast.title = title;
    if (toast.message !== message) toast.message = message;
  };
  show(request.items);
  try {
    return await transcribeAll({
      ...request,
      signal: cancelling.signal,
      onChange: (items) => {
        show(items);
        request.onChange?.(items);
      },
    });
  } finally {
    toast.primaryAction = undefined;
  }
}

function tellEnding(toast: Toast, items: BatchItem[], leftOut = ""): void {
  const failed = items.filter(({ state }) => state === "failed");
  const cancelled = items.some(({ state }) => state === "cancelled");
  if (failed.length === 0 && !cancelled) return;
  toast.style = Toast.Style.Failure;
  const [first] = failed;
  if (first === undefined) {
    toast.title = "Cancelled";
    toast.message = undefined;
    return;
  }
  toast.title =
    items.length === 1 ? `Could not transcribe ${first.name}` : `${failed.length} of ${items.length} failed`;
  toast.message = [first.error?.message, first.error?.hint, leftOut].filter(Boolean).join(" ");
}
