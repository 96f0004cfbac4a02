import type { Dissection } from '../../dissectors/dissect.js';
import type { LayerName } from '../../dissectors/layer.js';
import { type Finding, finding, tallyOf } from '../../dissectors/wire/finding.js';
import { HandshakeSecrets } from '../secrets/handshake-secrets.js';
import type { Moment, Secret } from '../secrets/secrets.js';
import { Clock } from './clock.js';
import type { Handshake, TouchedHandshake } from './handshake.js';
import { type KindOptions, newKindTrackers } from './kinds.js';
import type { KindTracker, Step } from './step.js';
import { type HandshakeBounds, HandshakeTable, type KindRules } from './table.js';

/** What the trackers of handshakes are made with. */
export interface HandshakeTrackerOptions extends KindOptions {
  readonly secrets?: readonly Secret[];
  /** Any number; strangers must not know it. */
  readonly seed?: number;
  readonly bounds?: HandshakeBounds | undefined;
  /** The trackers of kinds; all there are, unless given. */
  readonly kinds?: readonly KindTracker[];
}

/** What a packet says of handshakes. */
export interface HandshakeFacts {
  readonly handshakes: readonly TouchedHandshake[];
  readonly findings: readonly Finding[];
}

/** A step as its tracker moves it on. */
type GrowingStep = { -readonly [Key in keyof Step]: Step[Key] };

/** Follows the handshakes of a capture, packet by packet, in capture order; the capture's time is the clock. */
export class HandshakeTracker {
  readonly table: HandshakeTable;
  readonly secrets: HandshakeSecrets;
  /** When the first packet was captured, from which the times of rows count; undefined before it. */
  began: Moment | undefined;
  private readonly byLayer = new Map<LayerName, KindTracker[]>();
  private readonly clock = new Clock();
  private findings: Finding[] = [];
  /** The step of all packets, from the first one on: one a packet would be garbage. */
  private step: GrowingStep | undefined;

  constructor(options: HandshakeTrackerOptions = {}) {
    const { secrets = [], seed = 0, bounds, kinds = newKindTrackers(options) } = options;
    this.secrets = new HandshakeSecrets(secrets);
    this.table = new HandshakeTable([...kinds, CHANNEL_RULES], seed, bounds);
    for (const kind of kinds) {
      for (const name of kind.layers) {
        const known = this.byLayer.get(name);
        if (known) known.push(kind);
        else this.byLayer.set(name, [kind]);
      }
    }
  }

  /** Folds the next packet of the capture; call it for every packet, for the clock. Then `take` what it found. */
  fold(dissection: Dissection, seconds: number, nanos: number): Step {
    const step = this.stepOf(dissection, seconds, nanos);
    this.table.expire(step.clock, step.now);
    if (this.byLayer.size === 0) return step;
    const { layers } = dissection;
    for (let place = 0; place < layers.length; place++) {
      const layer = layers[place];
      const kinds = layer && this.byLayer.get(layer.name);
      if (!kinds) continue;
      for (const kind of kinds) {
        if (!layer.quoted) kind.take(step, layer, place);
        else kind.takeQuoted?.(step, layer, place);
      }
    }
    return step;
  }

  /** What was found out of the packet; undefined where it is part of no handshake. */
  take(): HandshakeFacts | undefined {
    const { findings, step } = this;
    const { touched } = this.table;
    if (touched.length === 0 && findings.length === 0) return undefined;
    if (step && touched.length > 0) {
      this.countFindings(step.dissection.findings);
      this.countFindings(findings);
    }
    const handshakes = touched.map(touchedOf);
    touched.length = 0;
    this.findings = [];
    return { handshakes, findings };
  }

  private stepOf(dissection: Dissection, seconds: number, nanos: number): Step {
    this.began ??= { seconds, nanos };
    const now = seconds - this.began.seconds + (nanos - this.began.nanos) / 1e9;
    const clock = this.clock.at(now);
    const { number } = dissection;
    if (!this.step) {
      const { table, secrets } = this;
      const made: GrowingStep = {
        number,
        now,
        clock,
        dissection,
        seconds,
        nanos,
        secrets,
        table,
        note: (code, { source, at, end }, given = []) => {
          const shift = source === 0 ? made.dissection.start : 0;
          this.findings.push(finding(code, at - shift, end - shift, given, source));
        },
        touch: (row) => table.touch(row, made),
      };
      this.step = made;
      return made;
    }
    const { step } = this;
    step.number = number;
    step.now = now;
    step.clock = clock;
    step.dissection = dissection;
    step.seconds = seconds;
    step.nanos = nanos;
    return step;
  }

  /** Counts findings for the handshakes that the packet is part of. */
  private countFindings(findings: readonly Finding[]): void {
    if (findings.length === 0) return;
    const { count, worst } = tallyOf(findings);
    for (const row of this.table.touched) this.table.countFindings(row, count, worst);
  }
}

/** How long an attempt goes on without an answer, in seconds. Source: protocol page, section 4 "Timers". */
const ATTEMPT_SECONDS = 12.6;

/** Channels are timed out by their own tracker, but for those that it had to drop. */
const CHANNEL_RULES: KindRules = { kind: 'channel', seconds: ATTEMPT_SECONDS };

const touchedOf = ({ number, kind, state, cookieStatus, proofStatus }: Handshake): TouchedHandshake => ({
  number,
  kind,
  state,
  cookieStatus,
  proofStatus,
});
