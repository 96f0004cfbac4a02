import type { Span } from './filter-error.js';
import type { Literal } from './literal.js';
import type { Named } from './names.js';
import type { Matcher } from './pattern.js';
import type { Operator, Quantifier, Range, Relation } from './tree.js';
import type { Type } from './types.js';

/** The functions that there are. */
export const FUNCTIONS = ['len', 'count', 'upper', 'lower', 'string', 'max', 'min', 'abs'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** An expression whose names are known and whose types agree. */
export type Typed = Span & { readonly type: Type } & (
    | { readonly kind: 'field'; readonly named: Named; readonly layers: readonly Range[] | undefined }
    | { readonly kind: 'reference'; readonly named: Named; readonly layers: readonly Range[] | undefined }
    | { readonly kind: 'constant'; readonly literal: Literal }
    | { readonly kind: 'slice'; readonly of: Typed; readonly ranges: readonly Range[] }
    | { readonly kind: 'call'; readonly name: FunctionName; readonly operands: readonly Typed[] }
    | { readonly kind: 'negative'; readonly of: Typed }
    | { readonly kind: 'arithmetic'; readonly operator: Operator; readonly left: Typed; readonly right: Typed }
  );

/** A test whose names are known and whose types agree. */
export type Checked =
  | { readonly kind: 'and' | 'or' | 'xor'; readonly tests: readonly Checked[] }
  | { readonly kind: 'not'; readonly test: Checked }
  | { readonly kind: 'exists'; readonly of: Typed }
  | {
      readonly kind: 'compare';
      readonly relation: Relation;
      readonly quantifier: Quantifier;
      readonly left: Typed;
      readonly right: Typed;
    }
  | { readonly kind: 'contains'; readonly quantifier: Quantifier; readonly left: Typed; readonly right: Typed }
  | { readonly kind: 'matches'; readonly quantifier: Quantifier; readonly left: Typed; readonly matcher: Matcher }
  | {
      readonly kind: 'in';
      readonly quantifier: Quantifier;
      readonly left: Typed;
      readonly set: readonly { readonly from: Typed; readonly to: Typed | undefined }[];
    };
