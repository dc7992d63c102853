import { DictateView } from "./views/DictateView";

export default function Dictate() {
  return <DictateView />;
}
