/** Things of which the one that goes before all others is at hand. */
export interface Heap<Item> {
  readonly size: number;
  first(): Item | undefined;
  add(item: Item): void;
  removeFirst(): void;
  /** Takes these in the place of all. */
  refill(items: Iterable<Item>): void;
}

/** A binary heap: each item goes before the two at twice its place. */
export function createHeap<Item>(goesBefore: (a: Item, b: Item) => boolean): Heap<Item> {
  let items: Item[] = [];

  function swap(a: number, b: number): void {
    [items[a], items[b]] = [items[b] as Item, items[a] as Item];
  }

  function isBefore(a: number, b: number): boolean {
    return a < items.length && goesBefore(items[a] as Item, items[b] as Item);
  }

  function add(item: Item): void {
    items.push(item);
    let place = items.length - 1;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      if (!isBefore(place, parent)) return;
      swap(place, parent);
      place = parent;
    }
  }

  return {
    get size() {
      return items.length;
    },
    first: () => items[0],
    add,
    removeFirst() {
      swap(0, items.length - 1);
      items.pop();
      let place = 0;
      for (;;) {
        const [left, right] = [2 * place + 1, 2 * place + 2];
        const child = isBefore(right, left) ? right : left;
        if (!isBefore(child, place)) return;
        swap(place, child);
        place = child;
      }
    },
    refill(next) {
      items = [];
      for (const item of next) add(item);
    },
  };
}
