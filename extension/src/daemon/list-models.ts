import { ModelList } from "./api";
import { askJson } from "./request-json";

/** Names of the models on disk; none if the daemon cannot list them. */
export async function listModels(): Promise<string[]> {
  try {
    const { models } = await askJson<ModelList>({ path: "/v1/models" });
    return models.map(({ name }) => name);
  } catch {
    return [];
  }
}
