import type { Span } from './filter-error.js';

/** Some values of a sequence, by where they stand: the first and how many, or the first and the last. */
export type Range =
  | { readonly kind: 'length'; readonly start: number; readonly length: number }
  | { readonly kind: 'last'; readonly start: number; readonly last: number }
  | { readonly kind: 'rest'; readonly start: number };

/** What a filter compares: as written, before names are looked up. */
export type Expression = Span &
  (
    | Word
    | { readonly kind: 'string'; readonly bytes: Uint8Array }
    | { readonly kind: 'char'; readonly code: number }
    | { readonly kind: 'reference'; readonly name: string; readonly layers: readonly Range[] | undefined }
    | { readonly kind: 'slice'; readonly of: Expression; readonly ranges: readonly Range[] }
    | { readonly kind: 'call'; readonly name: string; readonly operands: readonly Expression[] }
    | { readonly kind: 'negative'; readonly of: Expression }
    | Arithmetic
  );

/** A name or a literal: only its surroundings tell which. */
export interface Word {
  readonly kind: 'word';
  readonly text: string;
  /** Set where the way it is written tells: `.name` and `:literal`. */
  readonly only: 'field' | 'literal' | undefined;
  readonly layers: readonly Range[] | undefined;
}

export type Operator = '+' | '-' | '*' | '/' | '%' | '&';

interface Arithmetic {
  readonly kind: 'arithmetic';
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: Expression;
}

/** How two values are compared. */
export type Relation = 'eq' | 'ne' | 'gt' | 'ge' | 'lt' | 'le';

/** Whether one of the values of a field must pass, or each of them. */
export type Quantifier = 'any' | 'all';

/** An element of a set: one value, or all from one to another. */
export interface Element {
  readonly from: Expression;
  readonly to: Expression | undefined;
}

/** What a filter asks of a packet. */
export type Test = Span &
  (
    | { readonly kind: 'and' | 'or' | 'xor'; readonly tests: readonly Test[] }
    | { readonly kind: 'not'; readonly test: Test }
    | { readonly kind: 'exists'; readonly of: Expression }
    | Comparison
    | {
        readonly kind: 'contains' | 'matches';
        readonly quantifier: Quantifier;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'in';
        readonly quantifier: Quantifier;
        readonly left: Expression;
        readonly set: readonly Element[];
      }
  );

interface Comparison {
  readonly kind: 'compare';
  readonly relation: Relation;
  /** As written, for messages. */
  readonly sign: string;
  readonly quantifier: Quantifier;
  readonly left: Expression;
  readonly right: Expression;
}
