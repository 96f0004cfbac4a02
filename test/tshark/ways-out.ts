/** The values of the fields of a packet, by name; each as `value|position|size|bytes`, as far as the format tells. */
export type Fields = ReadonlyMap<string, readonly string[]>;

function gathered(fields: Iterable<readonly [name: string, text: string]>): Fields {
  const found = new Map<string, string[]>();
  for (const [name, text] of fields) found.set(name, [...(found.get(name) ?? []), text]);
  return found;
}

const ATTRIBUTE = / (\w+)="([^"]*)"/g;

/** The fields of each packet in a PDML document, but for those that are hidden, and texts. */
export const pdmlFields = (document: string): readonly Fields[] =>
  document
    .split('<packet>')
    .slice(1)
    .map((packet) => gathered(packet.split('\n').flatMap(pdmlField)));

function pdmlField(line: string): readonly (readonly [string, string])[] {
  if (!/^\s*<field /.test(line)) return [];
  const of: Record<string, string> = Object.fromEntries(
    [...line.matchAll(ATTRIBUTE)].map(([, key, value]) => [key, value]),
  );
  const { name = '', show = '', pos = '', size = '', value = '', unmaskedvalue = value, hide } = of;
  return hide === 'yes' || name === '' ? [] : [[name, [show, pos, size, unmaskedvalue].join('|')]];
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** All members of an object and of those in it, in their order. */
function* members(json: Json): Generator<readonly [string, Json], void, undefined> {
  if (Array.isArray(json)) for (const one of json) yield* members(one);
  else if (typeof json === 'object' && json !== null) {
    for (const [key, value] of Object.entries(json)) {
      yield [key, value];
      yield* members(value);
    }
  }
}

const listOf = (json: Json): readonly Json[] => (Array.isArray(json) ? json : [json]);

/** The fields of each packet in lines for Elasticsearch, but for names that stand there more than once: only the last would count. */
export const elasticFields = (text: string): readonly Fields[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{"timestamp"'))
    .map((line) => {
      const { layers } = JSON.parse(line) as { readonly layers: Json };
      const isOnce = (key: string): boolean => line.split(`"${key}":`).length === 2;
      return gathered(
        [...members(layers)].flatMap(([key, value]) =>
          isOnce(key)
            ? listOf(value).flatMap((one) => (typeof one === 'object' ? [] : [[named(key), truth(one)] as const]))
            : [],
        ),
      );
    });

/** Truth values as other formats have them. */
const truth = (value: Json): string => (typeof value === 'boolean' ? `${Number(value)}` : `${value}`);

/** `ip.flags.df` of `ip_ip_flags_df`; names with underscores of their own stay different, as long as both have them. */
const named = (key: string): string => key.slice(key.indexOf('_') + 1).replaceAll('_', '.');

/** The fields of each packet in raw JSON: bytes, position, size and bits. */
export const rawFields = (text: string): readonly Fields[] =>
  (JSON.parse(text) as Json[]).map((packet) =>
    gathered(
      [...members(packet)].flatMap(([key, value]) => {
        if (!key.endsWith('_raw') || !Array.isArray(value)) return [];
        const all: readonly Json[] = Array.isArray(value[0]) ? value : [value];
        return all.map((one) => [key.slice(0, -4), `|${listOf(one).slice(1, 3).join('|')}`] as const);
      }),
    ),
  );
