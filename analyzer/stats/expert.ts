import { type Finding, type FindingCode, kindOf, SEVERITIES } from '../../dissectors/wire/finding.js';
import type { Packet } from '../print/packet.js';
import type { Column, Sheet } from './sheet.js';

interface Count {
  findings: number;
  packets: number;
  readonly first: number;
  last: number;
}

/** How often there was what to tell: tshark's `-z expert`. */
export class Expert {
  private readonly counts = new Map<FindingCode, Count>();

  /** Counts the next packet. */
  take({ dissection, facts, number }: Packet): void {
    for (const finding of dissection.findings) this.count(finding, number);
    for (const finding of facts.findings) this.count(finding, number);
  }

  private count({ code }: Finding, number: number): void {
    const known = this.counts.get(code);
    if (!known) {
      this.counts.set(code, { findings: 1, packets: 1, first: number, last: number });
      return;
    }
    known.findings++;
    if (known.last !== number) known.packets++;
    known.last = number;
  }

  /** Worst first, then most frequent. */
  sheets(): readonly Sheet[] {
    const rank = (code: FindingCode) => SEVERITIES.indexOf(kindOf(code).severity);
    const rows = [...this.counts]
      .sort(([one, a], [other, b]) => rank(other) - rank(one) || b.findings - a.findings)
      .map(([code, { findings, packets, first, last }]) => {
        const { severity, group, about } = kindOf(code);
        return [severity, group, code, findings, packets, first, last, about];
      });
    return [{ title: 'Findings', columns: COLUMNS, rows, notes: [] }];
  }
}

const COLUMNS: readonly Column[] = [
  { key: 'severity', head: 'Severity', short: 'Sev' },
  { key: 'group', head: 'Group', spare: 2 },
  { key: 'code', head: 'Code' },
  { key: 'count', head: 'Count' },
  { key: 'packets', head: 'Packets', spare: 3 },
  { key: 'first', head: 'First', spare: 1 },
  { key: 'last', head: 'Last', spare: 1 },
  { key: 'about', head: 'What' },
];
