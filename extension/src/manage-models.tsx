import { ModelsView } from "./views/ModelsView";
import { WithHearth } from "./views/WithHearth";

export default function ManageModels() {
  return (
    <WithHearth>
      <ModelsView />
    </WithHearth>
  );
}
