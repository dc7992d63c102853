import type { Screen, ScreenNode } from '../../test/raycast/host/messages.ts';

/** A command's screen as a page: the component tree that Raycast would get, drawn by a browser. */
export function drawScreen(screen: Screen, { title, replace }: { title: string; replace: readonly [string, string] }) {
  const body = screen.view === null ? '' : draw(screen.view);
  const page = `<!doctype html><meta charset="utf-8"><style>${style}</style>
    <main><section class="window">${body}<footer>${footer(screen, title)}</footer></section></main>
    <p class="note">Drawn from the extension’s own component tree; not a screenshot of Raycast.</p>`;
  return page.replaceAll(toHtml(replace[0]), toHtml(replace[1]));
}

function draw(view: ScreenNode): string {
  if (view.type === 'Form') return `${bar('')}<div class="form">${view.children.map(field).join('')}</div>`;
  if (view.type === 'List') return drawList(view);
  return `${bar('')}<div class="split"><article>${markdown(view.props['markdown'])}</article>${metadata(view)}</div>`;
}

function drawList(view: ScreenNode): string {
  const sections = view.children.map((child) => (child.type === 'List.Section' ? section(child) : item(child)));
  const items = nodes(view).filter(({ type }) => type === 'List.Item');
  const detail = items[0]?.slots['detail']?.[0];
  const beside =
    detail === undefined ? '' : `<article>${markdown(detail.props['markdown'])}${metadata(detail)}</article>`;
  const placeholder = String(view.props['searchBarPlaceholder'] ?? 'Search…');
  return `${bar(placeholder)}<div class="split list"><nav>${sections.join('')}</nav>${beside}</div>`;
}

function section(node: ScreenNode): string {
  if (node.children.length === 0) return '';
  return `<h2>${toHtml(node.props['title'])}</h2>${node.children.map(item).join('')}`;
}

function item(node: ScreenNode): string {
  if (node.type !== 'List.Item') return '';
  const [accessory] = (node.props['accessories'] ?? []) as { text?: string; date?: string }[];
  const said = accessory?.date === undefined ? accessory?.text : 'now';
  return `<div class="item"><i>${glyph(node.props['icon'])}</i><span>${toHtml(node.props['title'])}</span><small>${toHtml(said ?? '')}</small></div>`;
}

function field(node: ScreenNode): string {
  if (node.type === 'Form.Separator') return '<hr>';
  const { title = '', label, value, placeholder = '', info } = node.props;
  const chosen = node.children.find(({ props }) => props['value'] === value)?.props['title'];
  const shown = Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? (value ? '☑ ' : '☐ ') : value;
  const text = chosen ?? (shown || placeholder);
  const arrow = node.type === 'Form.Dropdown' ? '<b>⌄</b>' : '';
  return `<label><span>${toHtml(title)}</span><div class="field">${toHtml(text)}${toHtml(label ?? '')}${arrow}</div></label>
    ${info === undefined ? '' : `<label><span></span><small>${toHtml(info)}</small></label>`}`;
}

function metadata(node: ScreenNode): string {
  const labels = nodes(node).filter(({ type }) => type.endsWith('Metadata.Label'));
  if (labels.length === 0) return '';
  const rows = labels.map(({ props }) => `<dt>${toHtml(props['title'])}</dt><dd>${toHtml(props['text'])}</dd>`);
  return `<dl>${rows.join('')}</dl>`;
}

function footer({ toast, view }: Screen, title: string): string {
  const action = view === null ? undefined : nodes(view).find(({ type }) => /^Action(\.|$)/.test(type));
  const left =
    toast === null
      ? toHtml(view?.props['navigationTitle'] ?? title)
      : `<em class="${toast.style.toLowerCase()}"></em><b>${toHtml(toast.title)}</b> ${toHtml(toast.message ?? '')}`;
  const right = toast?.actions[0] ?? action?.props['title'] ?? '';
  return `<div>${left}</div><div>${toHtml(right)} <kbd>↵</kbd> &nbsp; Actions <kbd>⌘</kbd> <kbd>K</kbd></div>`;
}

function bar(text: string): string {
  return `<header><kbd>←</kbd><span>${toHtml(text)}</span></header>`;
}

function glyph(icon: unknown): string {
  const source =
    typeof icon === 'object' && icon !== null ? String((icon as { source: unknown }).source) : String(icon);
  const glyphs: Record<string, string> = {
    'Icon.CheckCircle': '✓',
    'Icon.XMarkCircle': '✕',
    'Icon.CircleProgress': '◔',
    'Icon.Document': '≡',
    'Icon.Circle': '○',
    'Icon.Box': '▣',
    'Icon.Download': '↓',
  };
  return glyphs[source] ?? '◔';
}

/** The part of Markdown that the extension uses. */
function markdown(text: unknown): string {
  if (text === undefined) return '';
  const code = /^```\n([\s\S]*?)\n```$/.exec(String(text));
  if (code) return `<pre>${toHtml(code[1])}</pre>`;
  const html = toHtml(text)
    .replace(/\*\*(.+?)\*\*/gs, '<b>$1</b>')
    .replace(/(?<!\\)\*(.+?)(?<!\\)\*/gs, '<i>$1</i>')
    .replace(/\\([\\`*_{}[\]#|~])/g, '$1');
  return html.replace(/^/, '<p>').replace(/\n\n/g, '<p>');
}

function toHtml(text: unknown): string {
  return String(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

function nodes(node: ScreenNode): ScreenNode[] {
  return [node, ...[...node.children, ...Object.values(node.slots).flat()].flatMap(nodes)];
}

const style = `
  * { box-sizing: border-box; margin: 0; }
  body { width: 1000px; height: 625px; overflow: hidden; font: 13px/1.5 Inter, "DejaVu Sans", sans-serif; color: #eee;
    background: #8c3a26; }
  main { display: grid; place-items: center; height: 592px; padding-top: 16px; }
  .window { width: 750px; height: 510px; border-radius: 14px; overflow: hidden; display: flex; flex-direction: column;
    background: #211e1f; border: 1px solid #ffffff2e; box-shadow: 0 24px 60px #0009; }
  header { height: 50px; display: flex; gap: 12px; align-items: center; padding: 0 14px; border-bottom: 1px solid #fff2; color: #999; font-size: 15px; }
  footer { height: 42px; margin-top: auto; display: flex; justify-content: space-between; align-items: center; gap: 16px;
    padding: 0 14px; background: #0005; border-top: 1px solid #fff2; font-size: 12px; color: #bbb; white-space: nowrap; }
  footer b { color: #fff; }
  kbd { background: #fff2; border-radius: 5px; padding: 1px 6px; font: inherit; }
  em { display: inline-block; width: 9px; height: 9px; border-radius: 5px; margin-right: 8px; background: #888; }
  .success { background: #4cc38a; } .failure { background: #f2555a; } .animated { background: #f2a65a; }
  .form { padding: 12px 90px 12px 20px; overflow: hidden; }
  label { display: flex; gap: 16px; margin: 5px 0; align-items: center; }
  label > span { width: 150px; text-align: right; color: #999; flex: none; }
  .field { flex: 1; background: #fff1; border: 1px solid #fff2; border-radius: 7px; padding: 5px 10px; display: flex; justify-content: space-between; }
  small { color: #999; font-size: 11px; }
  hr { border: 0; border-top: 1px solid #fff2; margin: 10px 0; }
  .split { display: flex; flex: 1; min-height: 0; }
  article { flex: 1; padding: 14px 20px; overflow: hidden; }
  article p { margin-bottom: 9px; } article i { color: #aaa; } pre { font: 12px/1.5 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
  nav { width: 290px; flex: none; padding: 8px; border-right: 1px solid #fff2; overflow: hidden; }
  h2 { font-size: 11px; color: #999; padding: 6px 8px; font-weight: 600; }
  .item { display: flex; gap: 9px; padding: 7px 8px; border-radius: 8px; align-items: center; }
  nav .item:first-child, h2:first-child + .item { background: #fff2; }
  .item span { flex: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; } .item i { color: #f2a65a; font-style: normal; width: 16px; }
  dl { width: 220px; padding: 14px; border-left: 1px solid #fff2; overflow-wrap: anywhere; } dt { color: #999; font-size: 11px; } dd { margin: 0 0 8px; }
  article dl { width: auto; border: 0; border-top: 1px solid #fff2; padding: 10px 0; display: grid; grid-template-columns: 90px 1fr; }
  article dd { margin: 0; }
  .note { text-align: center; color: #fff9; font-size: 11px; }
`;
