import { type Arrow, arrowWords, hiddenText, type Ladder, merged, peerName } from './ladder.js';

/** A diagram as Mermaid reads it. Source: mermaid.js.org, "Sequence diagrams". */
export function ladderMermaid({ peers, steps, left }: Ladder): string {
  const names = new Map(peers.map(({ id }, place) => [id, `p${place + 1}`]));
  const over = peers.length > 1 ? `p1,p${peers.length}` : 'p1';
  const lines = ['sequenceDiagram'];
  for (const { id, address } of peers) {
    lines.push(`  participant ${names.get(id)} as ${escaped(`${peerName(id)} ${address}`)}`);
  }
  for (const step of merged(steps)) {
    if (step.type === 'hidden') lines.push(`  Note over ${over}: ${escaped(hiddenText(step))}`);
    else if (step.type === 'remark') lines.push(`  Note over ${over}: ${escaped(step.note.text)}`);
    else lines.push(...arrowLines(step, names));
  }
  if (left > 0) lines.push(`  Note over ${over}: ${left} messages left out`);
  return `${lines.join('\n')}\n`;
}

const HEADS: Readonly<Record<Arrow['fate'], string>> = { taken: '->>', again: '-->>', dropped: '-x' };

function arrowLines(arrow: Arrow, names: ReadonlyMap<string, string>): readonly string[] {
  const [from, to] = [names.get(arrow.from) ?? 'p1', names.get(arrow.to) ?? 'p1'];
  const tag = arrow.channel === undefined ? '' : `channel ${arrow.channel}: `;
  const text = escaped(`${tag}${arrowWords(arrow)}`);
  const ends = from === to ? from : `${from},${to}`;
  return [
    `  ${from}${HEADS[arrow.fate]}${to}: ${text}`,
    ...arrow.notes.map((note) => `  Note over ${ends}: ${escaped(note.text)}`),
  ];
}

/** What means something to Mermaid becomes an entity. */
const escaped = (text: string): string =>
  text.replaceAll(/[^\w .,:()+\-/'…→]/g, (character) => `#${character.codePointAt(0)};`);
