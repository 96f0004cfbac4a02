import { accessOf } from './access.js';
import { quoted } from './filter-error.js';
import type { Checked, Typed } from './typed.js';

/** How a filter is evaluated: a line a step, indented beneath what joins it, and after each field how it is reached. */
export function explainTest(text: string, test: Checked, depth = 0): readonly string[] {
  const line = (words: string) => `${'  '.repeat(depth)}${words}`;
  const inner = (tests: readonly Checked[]) => tests.flatMap((one) => explainTest(text, one, depth + 1));
  const show = (typed: Typed) => explainValue(text, typed);
  switch (test.kind) {
    case 'and':
      return [line('all of'), ...inner(test.tests)];
    case 'or':
      return [line('any of'), ...inner(test.tests)];
    case 'xor':
      return [line('an odd number of'), ...inner(test.tests)];
    case 'not':
      return [line('not'), ...inner([test.test])];
    case 'exists':
      return [line(`is there: ${show(test.of)}`)];
    case 'compare':
      return [line(`${test.quantifier} ${show(test.left)} ${test.relation} ${show(test.right)}`)];
    case 'contains':
      return [line(`${test.quantifier} ${show(test.left)} contains ${show(test.right)}`)];
    case 'matches':
      return [line(`${test.quantifier} ${show(test.left)} matches`)];
    case 'in':
      return [line(`${test.quantifier} ${show(test.left)} in a set of ${test.set.length}`)];
  }
}

function explainValue(text: string, typed: Typed): string {
  switch (typed.kind) {
    case 'field': {
      const { how } = accessOf(typed.named, typed.layers);
      return `${typed.named.paths.join(' or ')} (${how === 'direct' ? 'read where it stands' : 'from the tree'})`;
    }
    case 'constant':
      return quoted(text.slice(typed.at, typed.end));
    case 'reference':
      return `\${${typed.named.name}}`;
    case 'slice':
      return `bytes of ${explainValue(text, typed.of)}`;
    case 'call':
      return `${typed.name}(${typed.operands.map((operand) => explainValue(text, operand)).join(', ')})`;
    case 'negative':
      return `-${explainValue(text, typed.of)}`;
    case 'arithmetic':
      return `${explainValue(text, typed.left)} ${typed.operator} ${explainValue(text, typed.right)}`;
  }
}
