import type { NameFilter } from './shown-fields.js';

const [QUOTE, BACKSLASH, COMMA, COLON] = ['"', '\\', ',', ':'];

/** Members that every packet keeps: they say which packet it is, and what it is made of. */
const KEPT: ReadonlySet<string> = new Set(['frame', 'layers']);

/** A JSON object in one line, with those of its members that a filter names. @param line as it was written here */
export function filteredMembers(line: string, filter: NameFilter): string {
  const kept: string[] = [];
  for (const [start, end] of membersOf(line)) {
    const name = line.slice(start + 1, line.indexOf(QUOTE, start + 1));
    if (KEPT.has(name) || filter.opens(name, false)) kept.push(line.slice(start, end));
  }
  return `{${kept.join(COMMA)}}`;
}

/** Where each member of an object begins and ends. */
function membersOf(line: string): readonly (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (character === QUOTE) at = endOfText(line, at);
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    if ((depth === 1 && character === COMMA) || (depth === 0 && at === line.length - 1)) {
      if (line.slice(start, at).includes(COLON)) found.push([start, at]);
      start = at + 1;
    }
  }
  return found;
}

/** Where a text ends that begins at `at`. */
function endOfText(line: string, at: number): number {
  let end = at + 1;
  while (end < line.length && line[end] !== QUOTE) end += line[end] === BACKSLASH ? 2 : 1;
  return end;
}
