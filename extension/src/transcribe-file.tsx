import { LaunchProps } from "@raycast/api";
import { pathsInText } from "./recordings/paths-in-text";
import { TranscribeForm } from "./views/TranscribeForm";
import { WithHearth } from "./views/WithHearth";

/** Also the fallback command for paths typed into Raycast's root search. */
export default function TranscribeFile({ fallbackText }: LaunchProps) {
  return (
    <WithHearth>
      <TranscribeForm files={pathsInText(fallbackText ?? "")} />
    </WithHearth>
  );
}
