import { PacketIndex } from '../index/packet-index.js';
import { RowCursor } from '../index/row-cursor.js';
import type { ColumnSource } from './column-field.js';
import { type Origin, planLeaf } from './columns.js';
import type { Filter } from './compile.js';
import { quoted } from './filter-error.js';
import type { Checked, Typed } from './typed.js';
import { KIND_NAMES, type Type } from './types.js';

/**
 * How a filter is understood and evaluated: a line a step, indented beneath what joins it; after each field its type and
 * how it is read from a packet, after each test whether the columns of an indexed capture answer it.
 */
export function explain({ text, checked }: Filter): readonly string[] {
  return checked ? explainTest(text, checked, 0) : ['every packet'];
}

function explainTest(text: string, test: Checked, depth: number): readonly string[] {
  const line = (words: string) => `${'  '.repeat(depth)}${words}`;
  const inner = (tests: readonly Checked[]) => tests.flatMap((one) => explainTest(text, one, depth + 1));
  switch (test.kind) {
    case 'and':
      return [line('all of'), ...inner(test.tests)];
    case 'or':
      return [line('any of'), ...inner(test.tests)];
    case 'xor':
      return [line('an odd number of'), ...inner(test.tests)];
    case 'not':
      return [line('not'), ...inner([test.test])];
    default:
      return [line(`${leafText(text, test)} [${ORIGINS[planLeaf(test, NO_CAPTURE).origin]}]`)];
  }
}

/** Which columns there are does not depend on what is in them. */
const NO_CAPTURE: ColumnSource = { index: new RowCursor(new PacketIndex()), interfaces: [], comments: new Map() };

const ORIGINS: Readonly<Record<Origin, string>> = {
  columns: 'from columns',
  'columns and packets': 'columns rule packets out; the others are dissected',
  packets: 'every packet is dissected',
};

function leafText(text: string, test: Exclude<Checked, { kind: 'and' | 'or' | 'xor' | 'not' }>): string {
  const show = (typed: Typed) => valueText(text, typed);
  switch (test.kind) {
    case 'exists':
      return `is there: ${show(test.of)}`;
    case 'compare':
      return `${test.quantifier} ${show(test.left)} ${test.relation} ${show(test.right)}`;
    case 'contains':
      return `${test.quantifier} ${show(test.left)} contains ${show(test.right)}`;
    case 'matches':
      return `${test.quantifier} ${show(test.left)} matches`;
    case 'in':
      return `${test.quantifier} ${show(test.left)} in a set of ${test.set.length}`;
  }
}

const typeText = ({ kind, size }: Type): string =>
  kind === 'uint' && size > 0 ? `${KIND_NAMES.uint}, ${8 * size} bits` : KIND_NAMES[kind];

function valueText(text: string, typed: Typed): string {
  switch (typed.kind) {
    case 'field':
      return `${typed.named.paths.join(' or ')} (${typeText(typed.type)}; read where it stands)`;
    case 'constant':
      return quoted(text.slice(typed.at, typed.end));
    case 'reference':
      return `\${${typed.named.name}} (${typeText(typed.type)})`;
    case 'slice':
      return `bytes of ${valueText(text, typed.of)}`;
    case 'call':
      return `${typed.name}(${typed.operands.map((operand) => valueText(text, operand)).join(', ')})`;
    case 'negative':
      return `-${valueText(text, typed.of)}`;
    case 'arithmetic':
      return `${valueText(text, typed.left)} ${typed.operator} ${valueText(text, typed.right)}`;
  }
}
