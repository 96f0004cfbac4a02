import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { SEVERITIES, type Severity, severityOf, textOf } from '../../../dissectors/wire/finding.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { summarize } from '../../print/row.js';
import { NO_FACTS } from '../../track/facts.js';

/** What our own dissectors say of bytes, as they would of a packet that was captured alone. */
export interface Verdict {
  readonly protocol: string;
  readonly info: string;
  readonly severity: Severity | 'none';
  /** The worst first. */
  readonly findings: readonly { readonly severity: Severity; readonly text: string }[];
}

/** Findings that are told. */
const MOST_FINDINGS = 50;

export function verdictOf(bytes: Uint8Array, linkType: number): Verdict {
  const limit = { captured: bytes.length, wire: bytes.length };
  const dissection = dissect(viewOf(bytes), 0, limit, linkType, 1, liveReassembly());
  const { protocol, info, severity } = summarize({ dissection, facts: NO_FACTS });
  const findings = dissection.findings
    .map((finding) => ({ severity: severityOf(finding), text: textOf(finding) }))
    .toSorted((one, other) => SEVERITIES.indexOf(other.severity) - SEVERITIES.indexOf(one.severity))
    .slice(0, MOST_FINDINGS);
  return { protocol, info, severity, findings };
}
