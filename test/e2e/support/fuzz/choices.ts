/** Draws from numbers that a seed repeats. */
export interface Choices {
  /** A whole number below `limit`. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  one<Item>(items: readonly Item[]): Item;
  /** `least` to `most` of them, the same one perhaps several times. */
  some<Item>(items: readonly Item[], least: number, most: number): Item[];
}

export function createChoices(random: () => number): Choices {
  const below = (limit: number) => Math.floor(random() * limit);
  const one = <Item>(items: readonly Item[]): Item => items[below(items.length)] as Item;
  return {
    below,
    chance: (probability) => random() < probability,
    one,
    some: (items, least, most) =>
      items.length === 0 ? [] : Array.from({ length: least + below(most - least + 1) }, () => one(items)),
  };
}
