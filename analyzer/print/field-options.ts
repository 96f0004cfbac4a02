/** How `-T fields` prints values: tshark's `-E`. */
export interface FieldOptions {
  /** A byte order mark before everything: some spreadsheets take text for UTF-8 only then. */
  readonly bom: boolean;
  readonly header: boolean;
  readonly separator: string;
  /** Between several values of one field. */
  readonly aggregator: string;
  readonly quote: '' | '"' | "'";
  readonly occurrence: 'f' | 'l' | 'a';
}

export const FIELD_DEFAULTS: FieldOptions = {
  bom: false,
  header: false,
  separator: '\t',
  aggregator: ',',
  quote: '',
  occurrence: 'a',
};

const SEPARATORS: Readonly<Record<string, string>> = { '/t': '\t', '/s': ' ' };
const QUOTES: Readonly<Record<string, FieldOptions['quote']>> = { d: '"', s: "'", n: '' };

/**
 * The options that texts such as `header=y` or `separator=,` make.
 * @returns a text saying what is wrong with the first that is not one
 */
export function fieldOptions(texts: readonly string[], defaults = FIELD_DEFAULTS): FieldOptions | string {
  let options = defaults;
  for (const text of texts) {
    const [, name = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text) ?? [];
    const changed = change(options, name, value);
    if (!changed)
      return `-E ${text}: expected bom=y|n, header=y|n, separator=, aggregator=, quote=d|s|n or occurrence=f|l|a`;
    options = changed;
  }
  return options;
}

function change(options: FieldOptions, name: string, value: string): FieldOptions | undefined {
  switch (name) {
    case 'bom':
      return value === 'y' || value === 'n' ? { ...options, bom: value === 'y' } : undefined;
    case 'header':
      return value === 'y' || value === 'n' ? { ...options, header: value === 'y' } : undefined;
    case 'separator':
      return value === '' ? undefined : { ...options, separator: SEPARATORS[value] ?? value };
    case 'aggregator':
      return value === '' ? undefined : { ...options, aggregator: SEPARATORS[value] ?? value };
    case 'quote': {
      const quote = QUOTES[value];
      return quote === undefined ? undefined : { ...options, quote };
    }
    case 'occurrence':
      return value === 'f' || value === 'l' || value === 'a' ? { ...options, occurrence: value } : undefined;
    default:
      return undefined;
  }
}
