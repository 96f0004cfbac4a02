/** The words of a line, as a shell takes them apart: blanks between quotes, single or double, are part of a word. */
export const lineWords = (line: string): readonly string[] =>
  (line.match(/(?:[^\s'"]+|'[^']*'|"[^"]*"|['"])+/g) ?? []).map((word) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_, single?: string, double?: string) => single ?? double ?? ''),
  );
