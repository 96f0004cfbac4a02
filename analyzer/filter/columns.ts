import type { CaptureInterface } from '../../dissectors/file/records.js';
import type { PacketIndex, Run } from '../index/packet-index.js';
import { RowCursor } from '../index/row-cursor.js';
import { ownersOf } from '../print/accessor.js';
import type { Packet } from '../print/packet.js';
import { packetReader } from './access-packet.js';
import { always, type Fill, joined, LOOK, NO, negated, YES } from './answer.js';
import { ofNumbers } from './column-compare.js';
import type { ColumnSource } from './column-field.js';
import { columnField } from './column-fields.js';
import { ofCodes, ofPair, ofRows, UNKNOWN, unanswered, type ValuesTest } from './column-leaf.js';
import { compileOver } from './compile-test.js';
import { type FieldOf, fieldsOf, type Leaf, neededFields, quantifierOf, testsEach } from './leaf.js';
import { bitsOfMessages, isOfMessages } from './message-fields.js';
import type { Checked } from './typed.js';
import type { Value } from './types.js';

/** What a part of a filter is answered from: columns; columns, and the packets that they leave open; or every packet. */
export type Origin = 'columns' | 'columns and packets' | 'packets';

/** How one test that joins no others is answered. */
export interface LeafPlan {
  readonly origin: Origin;
  readonly fill: Fill;
}

/**
 * Binds a filter to the columns of a capture: the result tells for any rows whether they pass, or that the packet must be
 * dissected again to know. It never tells what the packet would not. The capture may grow meanwhile.
 * @param checked undefined for a filter that every packet passes
 * @param selected the packet whose fields `${NAME}` refers to
 */
function filterColumns(checked: Checked | undefined, source: ColumnSource, selected?: Packet): Fill {
  if (!checked) return always(YES);
  switch (checked.kind) {
    case 'and':
    case 'or':
    case 'xor':
      return joined(
        checked.kind,
        checked.tests.map((test) => filterColumns(test, source, selected)),
      );
    case 'not':
      return negated(filterColumns(checked.test, source, selected));
    default:
      return planLeaf(checked, source, selected).fill;
  }
}

/** What is known of the packets of a capture without reading them. */
export interface IndexedPackets {
  readonly index: PacketIndex;
  readonly interfaces: readonly CaptureInterface[];
  /** By the packet's number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
}

/** The same, a run of packets at a time, whichever comes next: the first answer of a run comes first. */
export function filterRuns(
  checked: Checked | undefined,
  { index, interfaces, comments }: IndexedPackets,
  selected?: Packet,
): (run: Run, out: Uint8Array) => void {
  const cursor = new RowCursor(index);
  const fill = filterColumns(checked, { index: cursor, interfaces, comments }, selected);
  return (run, out) => {
    cursor.show(run);
    fill(run.from, run.to, out);
  };
}

/** How a test that joins no others is answered over the columns of a capture. */
export function planLeaf(leaf: Leaf, source: ColumnSource, selected?: Packet): LeafPlan {
  const passes = compileOver<readonly Value[]>(leaf, { selected, read: () => (values, visit) => values.some(visit) });
  const [field, other] = fieldsOf(leaf);
  if (!field) return { origin: 'columns', fill: always(passes([]) ? YES : NO) };
  const test = { passes, quantifier: quantifierOf(leaf), each: testsEach(leaf) };
  const exact = other || field.layers ? undefined : exactFill(leaf, field, source, test);
  return exact ? { origin: 'columns', fill: exact } : narrowing(leaf, source.index);
}

function exactFill(leaf: Leaf, { named }: FieldOf, source: ColumnSource, test: ValuesTest): Fill | undefined {
  // Of layers columns know that they are there, not their bytes.
  if (named.type.kind === 'layer' && !isPresence(leaf)) return undefined;
  const [path = named.name, either] = named.paths;
  const found = columnField(source, either === undefined ? path : named.name);
  switch (found?.kind) {
    case undefined:
      return undefined;
    case 'codes':
      return ofCodes(source, found, test);
    case 'pair':
      return ofPair(source, found, test);
    case 'number':
    case 'moment':
      return ofNumbers(source, found, leaf, test);
    case 'rows':
      return ofRows(found, test);
  }
}

/** Whether a test asks for nothing but that a field or a layer is there. */
const isPresence = (leaf: Leaf): boolean => leaf.kind === 'exists' && leaf.of.kind === 'field';

/** Rules out the packets that lack a layer, or a message, without which the test fails. */
function narrowing(leaf: Leaf, index: Pick<RowCursor, 'columns' | 'shapes'>): LeafPlan {
  const needed = neededFields(leaf).filter(({ named }) => !named.paths.some((path) => packetReader(path)));
  if (needed.length === 0) return { origin: 'packets', fill: always(LOOK) };
  const owners = needed.map(({ named }) => new Set<string>(named.paths.flatMap((path) => ownersOf(path))));
  // That a layer is there needs no look.
  const suffices = isPresence(leaf) && needed.every(({ named, layers }) => named.type.kind === 'layer' && !layers);
  const answers = unanswered();
  const learn = (number: number): number => {
    const shape = index.shapes[number - 1];
    const has = !shape || owners.every((names) => shape.names.some((name) => names.has(name)));
    answers[number] = !has ? NO : shape && suffices ? YES : LOOK;
    return answers[number] as number;
  };
  const bits = needed.map(({ named }) => messagesWith(named.paths)).filter((mask) => mask !== 0);
  const fill: Fill = (from, to, out) => {
    const { shape, messages } = index.columns;
    for (let row = from; row < to; row++) {
      const answer = answers[shape[row] as number] as number;
      out[row - from] = answer === UNKNOWN ? learn(shape[row] as number) : answer;
    }
    for (const mask of bits) {
      for (let row = from; row < to; row++) if (((messages[row] as number) & mask) === 0) out[row - from] = NO;
    }
  };
  return { origin: suffices ? 'columns' : 'columns and packets', fill };
}

/** The bits of the types of messages that a field needs, or 0 where it may stand elsewhere. */
function messagesWith(paths: readonly string[]): number {
  let bits = 0;
  for (const path of paths) {
    // Verdicts and names stand beside the field that they are about.
    const about = path.replace(/\.(status|mode)$/, '');
    if (!isOfMessages(about)) return 0;
    bits |= bitsOfMessages(about);
  }
  return bits;
}
