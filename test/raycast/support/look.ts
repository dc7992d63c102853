import type { ScreenNode } from '../host/messages.ts';

/** A component and all below it, those in slots too. */
function allNodes(node: ScreenNode): ScreenNode[] {
  return [node, ...[...node.children, ...Object.values(node.slots).flat()].flatMap(allNodes)];
}

/** The items of a list, in their order. */
export function itemsOf(view: ScreenNode | null): ScreenNode[] {
  return nodesOf(view).filter(({ type }) => type === 'List.Item');
}

/** Titles of all actions or menu items of a view. */
export function actionsOf(view: ScreenNode | null): string[] {
  const actions = nodesOf(view).filter(({ type }) => type.startsWith('Action') || type.startsWith('MenuBarExtra.'));
  return actions.map(({ props }) => props['title']).filter((title) => typeof title === 'string');
}

/** The text of a detail, or of the detail beside a list item; empty where there is none yet. */
export function markdownOf(view: ScreenNode | null): string {
  const detail = nodesOf(view).find(({ props }) => typeof props['markdown'] === 'string');
  return (detail?.props['markdown'] as string | undefined) ?? '';
}

/** What a line of a detail's metadata says; undefined where there is none of that title. */
export function labelOf(view: ScreenNode | null, title: string): unknown {
  return nodesOf(view).find(({ type, props }) => type.endsWith('.Label') && props['title'] === title)?.props['text'];
}

export function fieldOf(view: ScreenNode | null, id: string): ScreenNode {
  const field = nodesOf(view).find(({ type, props }) => type.startsWith('Form.') && props['id'] === id);
  if (field === undefined) throw new Error(`Expected a field ${id}, got none.`);
  return field;
}

function nodesOf(view: ScreenNode | null): ScreenNode[] {
  return view === null ? [] : allNodes(view);
}
