/** A value that can be written down in Lua. Of objects and lists what is undefined is left out. */
export type LuaValue =
  | string
  | number
  | boolean
  | readonly LuaValue[]
  | { readonly [key: string]: LuaValue | undefined }
  | ReadonlyMap<number, LuaValue>;

const WIDTH = 110;

/** A text as a Lua string. Names of the protocol are ASCII; what is not goes byte by byte. */
const luaString = (text: string): string =>
  `"${[...new TextEncoder().encode(text)].map((byte) => (byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c ? `\\${String(byte).padStart(3, '0')}` : String.fromCharCode(byte))).join('')}"`;

/** A value as Lua text: in one line where it fits. @param indent blanks before the lines after the first */
export function luaText(value: LuaValue, indent = 0): string {
  if (typeof value === 'string') return luaString(value);
  if (typeof value === 'number' || typeof value === 'boolean') return `${value}`;
  const parts = partsOf(value, indent + 2);
  if (parts.length === 0) return '{}';
  const line = `{ ${parts.join(', ')} }`;
  if (line.length + indent <= WIDTH && !line.includes('\n')) return line;
  const blanks = ' '.repeat(indent);
  return `{\n${parts.map((part) => `${blanks}  ${part},\n`).join('')}${blanks}}`;
}

function partsOf(value: Exclude<LuaValue, string | number | boolean>, indent: number): readonly string[] {
  if (value instanceof Map) return [...value].map(([key, inner]) => `[${key}] = ${luaText(inner, indent)}`);
  if (Array.isArray(value)) return value.map((inner) => luaText(inner, indent));
  return Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [`${key} = ${luaText(inner, indent)}`],
  );
}
