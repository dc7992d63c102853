import { Color, Icon, Image } from "@raycast/api";
import { getProgressIcon } from "@raycast/utils";
import { BatchItem } from "../transcribe/batch";

/** The icon for the state of a batch item. */
export function batchIcon({ state, progress }: BatchItem): Image.ImageLike {
  if (state === "done") return { source: Icon.CheckCircle, tintColor: Color.Green };
  if (state === "failed") return { source: Icon.XMarkCircle, tintColor: Color.Red };
  if (state === "cancelled") return Icon.MinusCircle;
  return progress.share === null ? Icon.Circle : getProgressIcon(progress.share);
}
