/** A field of a line of a secrets file. */
export interface Word {
  readonly text: string;
  readonly quoted: boolean;
}

const BLANK = /[ \t]/;
const BLANKS = /[ \t]*/y;
const PLAIN = /[^ \t#]+/y;

/** The fields of a line up to its comment; undefined when a quotation is not closed. */
export function fieldsOf(line: string): readonly Word[] | undefined {
  const fields: Word[] = [];
  let at = 0;
  for (;;) {
    at = endOf(BLANKS, line, at);
    if (at === line.length || line[at] === '#') return fields;
    if (line[at] === '"') {
      const end = endOfQuotation(line, at);
      const next = line[end];
      if (end === 0 || (next !== undefined && next !== '#' && !BLANK.test(next))) return undefined;
      fields.push({ text: line.slice(at + 1, end - 1).replaceAll(/\\(["\\])/g, '$1'), quoted: true });
      at = end;
    } else {
      const end = endOf(PLAIN, line, at);
      fields.push({ text: line.slice(at, end), quoted: false });
      at = end;
    }
  }
}

/** Where a sticky pattern that matches at `at` ends. */
function endOf(pattern: RegExp, line: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(line);
  return pattern.lastIndex;
}

/** Just after the closing quote of the quotation that begins at `at`; 0 if it is not closed or has a wrong escape. */
function endOfQuotation(line: string, at: number): number {
  for (let place = at + 1; place < line.length; place++) {
    const character = line[place];
    if (character === '"') return place + 1;
    if (character !== '\\') continue;
    place++;
    if (line[place] !== '"' && line[place] !== '\\') return 0;
  }
  return 0;
}
