import { distance } from 'fastest-levenshtein';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { channelDerived } from '../../dissectors/channel/explain.js';
import { messageType } from '../../dissectors/channel/messages.js';
import { footer, privateHeader } from '../../dissectors/channel/packet.js';
import { DISSECTORS } from '../../dissectors/registry.js';
import type { Field } from '../../dissectors/wire/field.js';
import { isWider } from '../../dissectors/wire/layout.js';
import { EITHER, pathsOf } from './fields.js';
import { PACKET_FIELDS } from './packet-fields.js';
import { WORKED_OUT_FIELDS } from './worked-out.js';

let gathered: ReadonlyMap<string, Field> | undefined;

/**
 * Every field by its name: those of all layouts, those worked out, and those of the tracker. They never change, and take
 * longer to gather than a filter to compile.
 */
export function knownFields(): ReadonlyMap<string, Field> {
  gathered ??= gather();
  return gathered;
}

function gather(): ReadonlyMap<string, Field> {
  const known = new Map<string, Field>(Object.entries({ ...PACKET_FIELDS, ...WORKED_OUT_FIELDS }));
  for (const field of DISSECTORS.flatMap(({ fields }) => fields)) {
    // Two layers may have fields of one name: the wider has room for the values of both.
    if (!isWider(known.get(field.path), field)) known.set(field.path, field);
  }
  for (const dialect of DIALECTS) {
    for (const layout of [
      dialect.header,
      privateHeader,
      footer,
      messageType,
      ...dialect.messages.map(({ body }) => body),
    ]) {
      for (const field of layout.list) known.set(field.path, field);
    }
  }
  for (const [key, field] of Object.entries(channelDerived)) known.set(`chan.${key}`, field);
  return known;
}

/** The field that a name stands for; aliases and layers count. */
export function fieldNamed(name: string, known: ReadonlyMap<string, Field> = knownFields()): Field | undefined {
  return known.get(pathsOf(name)[0] ?? name);
}

/** Whether a name is that of a layer, of a header inside a layer, as `llc` in `eth`, or of another heading of the tree. */
export const isHeading = (name: string): boolean => HEADINGS.has(name) || headings().has(name);

const HEADINGS: ReadonlySet<string> = new Set(['frame', 'chan', 'data', 'channel', 'handshake', 'expert']);

let gatheredHeadings: ReadonlySet<string> | undefined;

function headings(): ReadonlySet<string> {
  gatheredHeadings ??= new Set([
    ...DISSECTORS.map(({ name }) => name),
    ...[...knownFields().keys()].map((path) => path.slice(0, path.indexOf('.'))),
  ]);
  return gatheredHeadings;
}

/** The known name nearest to one that is not known. */
export function nearestField(name: string): string | undefined {
  let best: string | undefined;
  let least = Math.max(3, Math.ceil(name.length / 2));
  for (const candidate of [...knownFields().keys(), ...Object.keys(EITHER)]) {
    // Names of very different lengths are not even compared: what was typed may be long.
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const steps = distance(name, candidate);
    if (steps >= least) continue;
    least = steps;
    best = candidate;
  }
  return best;
}
