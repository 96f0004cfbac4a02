import type { FlowFacts, FlowKeys, FlowReader, Piece } from '../layer.js';
import { FLOW_APPLICATIONS } from '../registry.js';
import type { Limit } from '../wire/stop.js';

/** What is kept of flows. */
export interface FlowBounds {
  /** Flows that are followed at once; the one that was quiet longest goes first. */
  readonly flows: number;
  /** Bytes that wait in all of them. */
  readonly bytes: number;
}

export const FLOW_BOUNDS: FlowBounds = { flows: 16_384, bytes: 16 * 1024 * 1024 };

interface Flow {
  /** Of its first datagram. */
  readonly key: string;
  readonly number: number;
  readonly application: number;
  readonly reader: FlowReader;
}

/** Flows of datagrams between two addresses and ports, each followed by the application that has recognized it. Bounded. */
export class Flows {
  /** Flows given up to stay within bounds. */
  forgotten = 0;
  /** The one that was quiet longest first. */
  private readonly flows = new Map<string, Flow>();
  private bytes = 0;
  private count = 0;
  private readonly bounds: FlowBounds;
  private readonly applications: readonly (() => FlowReader)[];

  constructor(bounds: FlowBounds = FLOW_BOUNDS, applications = FLOW_APPLICATIONS) {
    this.bounds = bounds;
    this.applications = applications;
  }

  /** As `Reassembly.expecting`. */
  expecting(view: DataView, at: number, limit: Limit, { key, reverse }: FlowKeys): number {
    if (this.flows.size === 0) return NONE;
    const flow = this.flows.get(key) ?? this.flows.get(reverse);
    return flow?.reader.expects?.(view, at, limit, flow.key !== key) ? flow.application : NONE;
  }

  /** As `Reassembly.datagram`. */
  add(
    pieces: readonly Piece[],
    view: DataView,
    at: number,
    limit: Limit,
    { key, reverse }: FlowKeys,
    application: number,
  ): FlowFacts {
    const known = this.flows.get(key) ?? this.flows.get(reverse);
    const open = this.applications[application];
    if (!open) return NOTHING;
    if (known) this.forget(known);
    const isKnown = known?.application === application;
    const flow = isKnown ? known : { key, number: this.count++, application, reader: open() };
    this.flows.set(flow.key, flow);
    const answer = flow.reader.take(pieces, view, at, limit, flow.key !== key);
    this.bytes += flow.reader.bytes;
    this.shrink(flow);
    return { ...answer, flow: flow.number };
  }

  private forget(flow: Flow): void {
    this.flows.delete(flow.key);
    this.bytes -= flow.reader.bytes;
  }

  /** Forgets what was quiet longest while there is too much, but not the one that is being followed. */
  private shrink(current: Flow): void {
    while (this.flows.size > this.bounds.flows || this.bytes > this.bounds.bytes) {
      const oldest = this.flows.values().next().value;
      if (!oldest || oldest === current) return;
      this.forget(oldest);
      this.forgotten++;
    }
  }
}

const NONE = -1;
const NOTHING: FlowFacts = { flow: 0, numbers: [], wholes: [] };
