/** Where a model in several files says which tensor is in which, in the order in which they are looked for. */
export const shardIndexNames = ['model.safetensors.index.json', 'weights.safetensors.index.json'];

/**
 * The files that an index names, sorted: safetensors files of any name, in its folder or below it. Null if the text is no
 * such index (Hugging Face transformers `get_checkpoint_shard_files`).
 */
export function shardNamesOf(index: string): readonly string[] | null {
  let map: unknown;
  try {
    map = (JSON.parse(index) as { weight_map?: unknown } | null)?.weight_map;
  } catch {
    return null;
  }
  if (typeof map !== 'object' || map === null || Array.isArray(map)) return null;
  const names = [...new Set(Object.values(map))].sort();
  return names.length > 0 && names.every(isInside) ? names : null;
}

/** A model that somebody downloaded must not lead to files elsewhere. */
function isInside(name: unknown): name is string {
  if (typeof name !== 'string' || !name.endsWith('.safetensors') || name.includes('\0')) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
