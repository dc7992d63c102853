import { LaunchProps } from "@raycast/api";
import { TranscribeForm } from "./views/TranscribeForm";

/** Also the fallback command for a path that is typed into Raycast's root search. */
export default function TranscribeFile({ fallbackText }: LaunchProps) {
  return <TranscribeForm files={fallbackText ? [fallbackText] : []} />;
}
