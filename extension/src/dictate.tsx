import { DictateView } from "./views/DictateView";
import { WithHearth } from "./views/WithHearth";

export default function Dictate() {
  return (
    <WithHearth>
      <DictateView />
    </WithHearth>
  );
}
