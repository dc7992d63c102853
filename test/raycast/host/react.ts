import { createRequire } from 'node:module';

export type Element = { readonly $$typeof: symbol; readonly props: Readonly<Record<string, unknown>> };

interface React {
  createElement(type: unknown, props: Record<string, unknown> | null, ...children: unknown[]): Element;
  isValidElement(value: unknown): value is Element;
  readonly Fragment: symbol;
}

/** The one React of the host, its reconciler and the extension. */
export const React = createRequire(import.meta.url)('react') as React;
