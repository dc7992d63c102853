import { type Instance, walk } from './render-tree.ts';

/** What a person typed into the forms of a command; fields that the extension controls keep their values themselves. */
export interface FormValues {
  valueIn(field: Instance): unknown;
  fill(form: Instance, values: Readonly<Record<string, unknown>>): void;
  gather(form: Instance): Record<string, unknown>;
}

export function createFormValues(): FormValues {
  const typed = new Map<number, unknown>();

  function valueIn(field: Instance): unknown {
    const { value, defaultValue } = field.props;
    return value ?? typed.get(field.id) ?? defaultValue ?? emptyValue(field);
  }

  return {
    valueIn,
    fill(form, values) {
      for (const [id, value] of Object.entries(values)) {
        const field = fieldsOf(form).find(({ props }) => props['id'] === id);
        if (field === undefined) throw new Error(`Expected a field ${id} in the form, got none.`);
        requireChoice(field, value);
        typed.set(field.id, value);
        (field.props['onChange'] as ((value: unknown) => void) | undefined)?.(value);
      }
    },
    gather: (form) => Object.fromEntries(fieldsOf(form).map((field) => [field.props['id'] as string, valueIn(field)])),
  };
}

export function isField({ type, props }: Instance): boolean {
  return type.startsWith('Form.') && typeof props['id'] === 'string';
}

function fieldsOf(form: Instance): Instance[] {
  return [...walk([form])].filter(isField);
}

function emptyValue({ type, children }: Instance): unknown {
  if (type === 'Form.FilePicker') return [];
  if (type === 'Form.Checkbox') return false;
  if (type === 'Form.Dropdown') return children[0]?.props['value'];
  return '';
}

/** Nobody can choose what is not in the menu. */
function requireChoice(field: Instance, value: unknown): void {
  if (field.type !== 'Form.Dropdown') return;
  const choices = field.children.map(({ props }) => props['value']);
  if (!choices.includes(value)) throw new Error(`Expected one of ${choices.join(', ')}, got ${value}.`);
}
