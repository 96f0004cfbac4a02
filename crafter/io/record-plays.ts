import type { Writable } from 'node:stream';
import { toHex } from '../../dissectors/wire/view.js';
import { endpointFrom } from '../endpoint.js';
import type { Play } from '../script/play.js';
import { PcapSink } from './pcap-sink.js';

const NANOS = 1_000_000;

/**
 * Writes the packets of plays as a capture, with the secrets that judge their cookies inside.
 *
 * @param times when each play started, in milliseconds since 1970
 * @param stdout what the path `-` stands for; a file of that name if left out
 * @throws what the system says if the file cannot be written
 */
export function recordPlays(path: string, plays: readonly Play[], times: readonly number[], stdout?: Writable): void {
  const sink = new PcapSink(path, stdout, true);
  try {
    sink.secrets(plays.flatMap(secretLines).join(''));
    for (const [place, { packets }] of plays.entries()) {
      for (const { at, from, to, bytes } of packets) {
        const [source, target] = [endpointFrom(from), endpointFrom(to)];
        if (source && target) sink.datagram(bytes, source, target, momentAt((times[place] ?? 0) + at));
      }
    }
  } catch (error) {
    sink.abandon();
    throw error;
  }
  sink.close();
}

/** The lines of a secrets file. Source: protocol page, "Secrets file". */
const secretLines = ({ secrets }: Play): readonly string[] =>
  secrets.map(({ peer, secret }) => `PEER_SECRET ${toHex(peer)} ${secret.length === 0 ? '""' : toHex(secret)}\n`);

function momentAt(ms: number) {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.floor((ms - seconds * 1000) * NANOS) };
}
