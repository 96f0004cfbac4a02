import type { Writable } from 'node:stream';
import { toHex } from '../../dissectors/wire/view.js';
import { endpointFrom } from '../endpoint.js';
import type { Run, UsedSecret } from '../simulation/simulate.js';
import type { Moment } from './clock.js';
import { PcapSink } from './pcap-sink.js';

/** When virtual time begins: 2026-01-01T00:00:00Z, in seconds since 1970, so that the same run makes the same file. */
const EPOCH = 1_767_225_600;
/** Runs in one file begin so many seconds after each other's end. */
const APART = 1;

const MS = 1000;
const NANOS = 1_000_000;

/**
 * Writes the packets of simulations as a capture: each as it was sent, with a comment if it did not arrive.
 *
 * @param withSecrets whether the secrets that judge the cookies are in the file
 * @param stdout what the path `-` stands for
 * @throws what the system says if the file cannot be written
 */
export function recordSimulation(path: string, runs: readonly Run[], withSecrets: boolean, stdout: Writable): void {
  const sink = new PcapSink(path, stdout, true);
  try {
    let start = EPOCH;
    for (const run of runs) {
      if (withSecrets) sink.secrets(run.secrets.map((secret) => secretLine(secret, start)).join(''));
      for (const { at, from, to, bytes, comment } of run.packets) {
        const [source, target] = [endpointFrom(from), endpointFrom(to)];
        if (source && target) sink.datagram(bytes, source, target, momentAt(start, at), comment);
      }
      start += Math.ceil(run.duration / MS) + APART;
    }
  } catch (error) {
    sink.abandon();
    throw error;
  }
  sink.close();
}

/** A line of a secrets file. Source: protocol page, "Secrets file". */
const secretLine = ({ peer, secret, from, until }: UsedSecret, start: number): string =>
  `PEER_SECRET ${toHex(peer)} ${toHex(secret)} ${epochText(start, from)} ${epochText(start, until)}\n`;

const epochText = (start: number, ms: number): string => (start + ms / MS).toFixed(3);

function momentAt(start: number, ms: number): Moment {
  const seconds = Math.floor(ms / MS);
  return { seconds: start + seconds, nanos: Math.floor((ms - seconds * MS) * NANOS) };
}
