import { modeOf } from '../../dissectors/channel/capabilities.js';
import { CLOSE_REASONS } from '../../dissectors/channel/messages.js';
import { toHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointText } from '../endpoint.js';
import { monotonic } from '../io/clock.js';
import type { Channel } from '../peer/channel.js';
import type { Effect } from '../peer/effects.js';

type Log = Extract<Effect, { type: 'log' }>;
type Data = Readonly<Record<string, number | string>>;

/**
 * What a peer tells of itself, line by line: as text, or each line as an object of JSON with every decision among them,
 * in the spirit of qlog. Times are in milliseconds since the first line.
 */
export class PeerNews {
  readonly #tell: (line: string) => void;
  readonly #isJson: boolean;
  readonly #start: number;

  constructor(tell: (line: string) => void, isJson: boolean, vantage: 'client' | 'server', now: number) {
    this.#tell = tell;
    this.#isJson = isJson;
    this.#start = now;
    if (!isJson) return;
    tell(
      JSON.stringify({
        qlog_format: 'NDJSON',
        qlog_version: '0.3',
        title: 'handshark peer',
        trace: {
          vantage_point: { type: vantage },
          common_fields: { time_format: 'relative', reference_time: performance.timeOrigin + now },
        },
      }),
    );
  }

  listening(at: Endpoint, id: Uint8Array): void {
    const address = endpointText(at);
    this.#say('listening', `listening on ${address} as ${toHex(id)}`, { address, peer: toHex(id) });
  }

  established(channel: Channel): void {
    const { remote, address, capabilities } = channel;
    const peer = toHex(remote.id);
    const mode = modeOf(capabilities);
    const text = `channel ${idText(channel)} established with ${peer} at ${address}: mode ${mode}`;
    this.#say('channel_established', text, { peer, address, mode }, channel);
  }

  /**
   * @param sent bytes of data that were taken to be sent
   * @param unsent packets that the peer counts and that did not leave
   */
  ended(channel: Channel, reason: number, by: 'us' | 'them', { sent, unsent }: { sent: number; unsent: number }): void {
    const { inbox, receiver } = channel;
    const traffic = { ...channel.traffic, sent: channel.traffic.sent - unsent };
    const { duplicates, lost, late, dropped } = receiver.counts;
    const why = CLOSE_REASONS[reason] ?? `reason ${reason}`;
    const whose = reason === 0 ? '' : by === 'us' ? ', by us' : ', by the other peer';
    const out = `sent ${sent} bytes in ${traffic.sent} packets (${traffic.resent} resent, ${traffic.givenUp} given up)`;
    const back = `received ${inbox.delivered} bytes in ${traffic.received} packets`;
    const counts = `${duplicates} duplicate, ${lost} lost, ${late} late, ${dropped} dropped`;
    this.#say(
      'channel_ended',
      `channel ${idText(channel)} ended: ${why}${whose}; ${out}, ${back} (${counts})`,
      { reason: why, by, sent_bytes: sent, received_bytes: inbox.delivered, ...traffic, ...receiver.counts },
      channel,
    );
  }

  /** A decision of the peer. Nothing in text. */
  decision({ time, event, id, data }: Log): void {
    if (this.#isJson) this.#object(time, event.replaceAll(' ', '_'), data, id);
  }

  #say(name: string, text: string, data: Data, channel?: Channel): void {
    if (this.#isJson) this.#object(monotonic(), name, { text, ...data }, channel?.id);
    else this.#tell(text);
  }

  #object(time: number, name: string, data: Data, id: number | undefined): void {
    const channel = id === undefined ? {} : { channel: hex(id) };
    this.#tell(JSON.stringify({ time: Math.round((time - this.#start) * 1000) / 1000, name, ...channel, data }));
  }
}

const hex = (id: number): string => id.toString(16).padStart(8, '0');
const idText = ({ id }: Channel): string => hex(id);
