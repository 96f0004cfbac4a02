import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './table.js';

/** A bound as the source declares it. */
export interface Bound {
  /** Where, from the root of the project. */
  readonly file: string;
  readonly name: string;
  /** As written. */
  readonly value: string;
  /** What it is for, from the comment above it; empty where there is none. */
  readonly reason: string;
}

const FOLDERS = ['analyzer', 'crafter', 'dissectors'] as const;
/** What the names of bounds begin with. */
const DECLARED = /^(?:export )?const ((?:MOST|LONGEST|LARGEST|DEEPEST|FARTHEST)(?:_[A-Z0-9_]+)?)(?:: [^=]+)? = (.+);$/;

/** The bounds that the source declares, by file and in the order in which they stand there. */
export const boundsOf = (): readonly Bound[] =>
  FOLDERS.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name).replaceAll('\\', '/'))
      .toSorted()
      .flatMap((file) => boundsIn(file, readFileSync(file, 'utf8').split('\n'))),
  );

const boundsIn = (file: string, lines: readonly string[]): readonly Bound[] =>
  lines.flatMap((line, place) => {
    const [, name, value] = DECLARED.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [{ file, name, value, reason: reasonAbove(lines, place) }];
  });

/** The comment that ends on the line above. */
function reasonAbove(lines: readonly string[], place: number): string {
  let first = place - 1;
  if (!lines[first]?.trimEnd().endsWith('*/')) return '';
  while (first > 0 && !lines[first]?.trimStart().startsWith('/**')) first--;
  return lines
    .slice(first, place)
    .map((line) =>
      line
        .replace(/^\s*(?:\/\*\*|\*(?!\/))?/, '')
        .replace(/\*\/\s*$/, '')
        .trim(),
    )
    .filter((line) => line !== '')
    .join(' ');
}

/** Every bound of the program, with its reason. */
export function boundsPage(): string {
  const folders = new Map<string, Bound[]>();
  for (const bound of boundsOf()) {
    const folder = bound.file.split('/').slice(0, 2).join('/');
    folders.set(folder, [...(folders.get(folder) ?? []), bound]);
  }
  const sections = [...folders].map(([folder, bounds]) => {
    const rows = bounds.map(({ file, name, value, reason }) => [`\`${name}\``, value, reason, `\`${file}\``]);
    return `## ${folder}\n\n${table(['bound', 'value', 'of what, and why', 'declared in'], rows)}`;
  });
  return `# Bounds

Packets, files and texts come from strangers: every table, queue, length and loop ends somewhere. This is where. What a
bound leaves out is counted or told where it is shown. See \`docs/security.md\`.

This page is printed from the source by \`npm run docs\`.

${sections.join('\n\n')}
`;
}
