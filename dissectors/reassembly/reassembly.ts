import type { Dialect } from '../channel/dialects.js';
import type { Reassembly } from '../dissect.js';
import { QuicConnections } from '../quic/connections.js';
import { KeyRing } from '../quic/keys.js';
import { KNOWN_FLOW } from '../quic/known-flow.js';
import type { StreamedApplication } from '../registry.js';
import { Announcements } from './announcements.js';
import { Associations } from './associations.js';
import type { Lookahead } from './direction.js';
import { Flows } from './flows.js';
import { Fragments } from './fragments.js';
import { Messages } from './messages.js';
import { STREAM_BOUNDS, TcpStreams } from './tcp.js';

/** Reassembly in capture order: what a packet completes, it shows. */
export interface LiveReassembly extends Reassembly {
  /** Datagrams, conversations and messages given up to stay within bounds. */
  readonly forgotten: () => number;
  /** Sets what is known of the packets to come. */
  readonly foresee: (lookahead: Lookahead | undefined) => void;
}

/** Reassembly of a capture read from its start. @param applications those whose PDUs are cut out of TCP streams */
export function liveReassembly(dialect?: Dialect, applications?: readonly StreamedApplication[]): LiveReassembly {
  const fragments = new Fragments();
  const streams = new TcpStreams(dialect, STREAM_BOUNDS, applications);
  const associations = new Associations();
  const messages = new Messages();
  const flows = new Flows();
  const announcements = new Announcements();
  const connections = new QuicConnections(new KeyRing());
  return {
    fragment: (pieces, view, at, limit, fragment) => fragments.add(pieces, view, at, limit, fragment),
    segment: (pieces, view, at, limit, segment) => streams.add(pieces, view, at, limit, segment),
    message: (pieces, view, at, limit, piece) => messages.add(pieces, view, at, limit, piece),
    datagram: (pieces, view, at, limit, keys, application) => flows.add(pieces, view, at, limit, keys, application),
    expecting: (view, at, limit, keys) => {
      const application = flows.expecting(view, at, limit, keys);
      if (application >= 0) return application;
      return connections.knows(keys) ? KNOWN_FLOW : announcements.expecting(view, at, limit, keys);
    },
    associate: (association) => associations.add(association),
    expectingStream: (keys) => announcements.expectingStream(keys),
    announce: (keys, announced) => announcements.add(keys, announced),
    connect: (keys, view, packets, isAnswer) => connections.add(keys, view, packets, isAnswer),
    forgotten: () => fragments.forgotten + streams.forgotten + messages.forgotten + flows.forgotten,
    foresee: (lookahead) => {
      streams.lookahead = lookahead;
    },
  };
}
