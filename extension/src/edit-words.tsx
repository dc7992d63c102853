import { WithHearth } from "./views/WithHearth";
import { WordsView } from "./views/WordsView";

export default function EditWords() {
  return (
    <WithHearth>
      <WordsView />
    </WithHearth>
  );
}
