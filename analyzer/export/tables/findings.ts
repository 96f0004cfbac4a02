import { type Finding, kindOf, textOf } from '../../../dissectors/wire/finding.js';
import type { Packet } from '../../print/packet.js';
import { BASE, type Origin, setBase } from './base.js';
import type { Batch } from './batch.js';
import type { ColumnSpec } from './column.js';

/** The columns of the table of findings. */
export const FINDING_COLUMNS: readonly ColumnSpec[] = [
  ...BASE,
  { name: 'expert.severity', type: 'string', about: 'How much it matters: `chat`, `note`, `warn` or `error`.' },
  { name: 'expert.group', type: 'string', about: 'What it is about.' },
  { name: 'expert.code', type: 'string', about: 'Which it is: the page of findings has all.' },
  { name: 'expert.text', type: 'string', about: 'The same in words.' },
];
const FIRST = BASE.length;

/** Fills the rows of the table of findings, in the order in which they are shown. */
export class FindingRows {
  take({ dissection, facts }: Packet, origin: Origin, file: string, batch: Batch): void {
    const channel = facts.channels[0]?.number;
    for (const finding of dissection.findings) this.#add(finding, origin, file, channel, batch);
    for (const finding of facts.findings) this.#add(finding, origin, file, channel, batch);
  }

  #add(finding: Finding, origin: Origin, file: string, channel: number | undefined, batch: Batch): void {
    const row = batch.add();
    const { severity, group } = kindOf(finding.code);
    setBase(batch, row, file, origin, channel);
    batch.setText(row, FIRST, severity);
    batch.setText(row, FIRST + 1, group);
    batch.setText(row, FIRST + 2, finding.code);
    batch.setText(row, FIRST + 3, textOf(finding));
  }
}
