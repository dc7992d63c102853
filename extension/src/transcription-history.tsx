import { HistoryView } from "./views/HistoryView";

export default function TranscriptionHistory() {
  return <HistoryView />;
}
