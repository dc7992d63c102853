import { type Element, React } from './react.ts';
import { strict } from './strict.ts';

type Props = Readonly<Record<string, unknown>>;
type Component = ((props: Props) => Element) & Props;

/**
 * Raycast's components, as far as the extension uses them: each becomes a host element of its own name, and elements
 * that are given as props become children of slots.
 */
export function createComponents() {
  const Form = component('Form', {
    TextArea: component('Form.TextArea'),
    TextField: component('Form.TextField'),
    Checkbox: component('Form.Checkbox'),
    FilePicker: component('Form.FilePicker'),
    Separator: component('Form.Separator'),
    Dropdown: component('Form.Dropdown', { Item: component('Form.Dropdown.Item') }),
  });
  const List = component('List', {
    Section: component('List.Section'),
    EmptyView: component('List.EmptyView'),
    Item: component('List.Item', {
      Detail: component('List.Item.Detail', { Metadata: metadata('List.Item.Detail.Metadata') }),
    }),
  });
  const ActionPanel = component('ActionPanel', {
    Section: component('ActionPanel.Section'),
    Submenu: component('ActionPanel.Submenu'),
  });
  const Action = component('Action', {
    SubmitForm: component('Action.SubmitForm'),
    ShowInFinder: component('Action.ShowInFinder'),
    CopyToClipboard: component('Action.CopyToClipboard'),
    OpenInBrowser: component('Action.OpenInBrowser'),
    // Its target is rendered only when it is pushed.
    Push: component('Action.Push', {}, 'target'),
    Style: { Regular: 'regular', Destructive: 'destructive' },
  });
  const MenuBarExtra = component('MenuBarExtra', {
    Item: component('MenuBarExtra.Item'),
    Section: component('MenuBarExtra.Section'),
    Submenu: component('MenuBarExtra.Submenu'),
  });
  const Detail = component('Detail', { Metadata: metadata('Detail.Metadata') });
  return { Form, List, Detail, ActionPanel, Action, MenuBarExtra };
}

function metadata(name: string): Component {
  return component(name, { Label: component(`${name}.Label`) });
}

function component(name: string, members: Props = {}, keptProp?: string): Component {
  function render({ children, ...props }: Props): Element {
    const isSlot = ([prop, value]: [string, unknown]) => prop !== keptProp && React.isValidElement(value);
    const entries = Object.entries(props);
    const slots = entries
      .filter(isSlot)
      .map(([slot, element]) => React.createElement('slot', { key: slot, name: slot }, element));
    const rest = Object.fromEntries(entries.filter((entry) => !isSlot(entry)));
    return React.createElement(name, rest, ...slots, React.createElement(React.Fragment, null, children));
  }
  return strict(Object.assign(render, { displayName: name }, members) as unknown as Component, name);
}
