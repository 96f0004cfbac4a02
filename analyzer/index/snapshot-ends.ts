import { STATES, type State } from '../track/channel.js';
import type { HandshakeEnd, PacketLinks } from '../track/links.js';
import type { ChannelColumns } from './channel-columns.js';
import type { HandshakeColumns } from './handshake-columns.js';
import { HandshakeList } from './handshake-list.js';
import { placeOfNumber } from './places.js';

/** What became of channels and handshakes, as snapshots of them tell. Which packets belong together they do not tell. */
export class SnapshotEnds implements PacketLinks {
  private readonly channels: ChannelColumns;
  private readonly handshakes: HandshakeList;
  /** Ends that were read: each is a text. */
  private readonly read = new Map<number, HandshakeEnd | undefined>();

  constructor(channels: ChannelColumns, handshakes: HandshakeColumns) {
    this.channels = channels;
    this.handshakes = new HandshakeList(handshakes);
  }

  of(): readonly number[] {
    return [];
  }

  endOf({ number }: { readonly number: number }): HandshakeEnd | undefined {
    if (!this.read.has(number)) {
      const place = this.handshakes.placeOf(number);
      this.read.set(number, place < 0 ? undefined : this.handshakes.at(place));
    }
    return this.read.get(number);
  }

  endOfChannel(number: number): State | undefined {
    const place = placeOfNumber(this.channels.number, this.channels.count, number);
    return place < 0 ? undefined : STATES[this.channels.state[place] ?? -1];
  }
}
