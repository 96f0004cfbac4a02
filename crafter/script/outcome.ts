import type { Mismatch } from './match.js';
import type { Step } from './script.js';
import type { Position } from './tree.js';

/** A packet that came. */
export interface Received {
  readonly bytes: Uint8Array;
  /** When, on the clock of the run. */
  readonly at: number;
  /** To which of the own ports, from 1. */
  readonly via: number;
}

/** Why a script failed. Times are in milliseconds from its start. */
export type Failure = { readonly step: Step; readonly at: number } & (
  | { readonly kind: 'mismatch'; readonly mismatch: Mismatch; readonly packet: Received }
  /** Something came that must not come. */
  | { readonly kind: 'unexpected'; readonly packet: Received; readonly until: number }
  | { readonly kind: 'too early' | 'too late'; readonly packet: Received; readonly low: number; readonly high: number }
  | { readonly kind: 'nothing came'; readonly high: number }
  /** The application of the built-in peer saw something else, or nothing. */
  | { readonly kind: 'seen otherwise'; readonly expected: string; readonly actual: string }
  | { readonly kind: 'seen too early' | 'seen too late'; readonly low: number; readonly high: number }
  /** A value could not be had while the script ran. */
  | { readonly kind: 'no value'; readonly problem: string; readonly place: Position }
  /** The built-in peer cannot do what it was told. */
  | { readonly kind: 'refused'; readonly problem: string }
);

/** How a script ended. */
export type Outcome =
  | { readonly verdict: 'pass' }
  | { readonly verdict: 'fail'; readonly failure: Failure }
  | { readonly verdict: 'unreachable'; readonly why: string };
