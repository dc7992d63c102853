import { startOrStopDictation } from "./dictation/start-or-stop";

export default async function startOrStop(): Promise<void> {
  await startOrStopDictation();
}
