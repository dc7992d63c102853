import { HistoryView } from "./views/HistoryView";
import { WithHearth } from "./views/WithHearth";

export default function TranscriptionHistory() {
  return (
    <WithHearth>
      <HistoryView />
    </WithHearth>
  );
}
