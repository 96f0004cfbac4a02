import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { channelColumns } from '../../../analyzer/index/channel-columns.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import { type Examined, Examiner } from '../../../analyzer/track/examine.js';
import { FIXTURES, secretsBeside } from './pipeline.js';

/** Bytes kept of each packet: amid the headers of IP, UDP, TCP and SCTP, of a channel packet, and of its messages. */
const KEPT = [30, 50, 60, 80, 100, 128] as const;

/** What the packets of a capture turn out to be, and its channels. */
interface Told {
  readonly packets: readonly Examined[];
  readonly channels: object;
}

/**
 * Examines a capture of which so many bytes a packet were kept.
 * @param isSliced whether what was kept passes for all that was sent
 */
async function examined(name: string, kept: number, isSliced: boolean): Promise<Told> {
  const capture = await openCapture(`fixtures/${name}`);
  const secrets = secretsBeside(name).flatMap((path) => parseSecrets(readFileSync(path, 'utf8'), path));
  const examiner = new Examiner({ secrets });
  const packets: Examined[] = [];
  for await (const { view, records } of capture.batches()) {
    for (let row = 0; row < records.count; row++) {
      const linkType = capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
      const captured = Math.min(records.captured[row] ?? 0, kept);
      const wire = isSliced ? captured : (records.wire[row] ?? 0);
      const [seconds, nanos] = [records.seconds[row] ?? 0, records.nanos[row] ?? 0];
      const at = records.at[row] ?? 0;
      const number = packets.length + 1;
      const { dissection, facts } = examiner.examine(view, at, captured, wire, linkType, number, seconds, nanos);
      packets.push({ dissection, facts });
    }
  }
  await capture.close();
  // One finding more is told of each sliced packet.
  return { packets, channels: { ...channelColumns(examiner.tracker.table), findings: undefined, worst: undefined } };
}

/** What stands above the link layer of a packet of IP, but for the finding that tells the one capture from the other. */
function above({ dissection, facts }: Examined): object {
  const first = dissection.layers.findIndex(({ name }) => name === 'ip' || name === 'ipv6');
  return {
    layers: dissection.layers.slice(first).map(({ name, at, end, stop, facts }) => {
      return { name, at, end, stop: stop && { ...stop, findings: undefined }, facts };
    }),
    findings: dissection.findings.filter(({ code }) => code !== 'packet-sliced'),
    channels: dissection.channels,
    // A session of PPPoE is a link, not above it.
    facts: { ...facts, handshakes: facts.handshakes?.filter(({ kind }) => kind !== 'pppoe') ?? [] },
  };
}

const isIp = ({ dissection }: Examined): boolean =>
  dissection.layers.some(({ name }) => name === 'ip' || name === 'ipv6');

const isSliced = ({ dissection }: Examined): boolean =>
  dissection.findings.some(({ code }) => code === 'packet-sliced');

/**
 * Whole captures of packets that lie in IP: what is bare has no length but its own, which must not lie; and
 * whether 802.11 has its check sequence at the end is not seen of a sliced frame.
 */
const names = FIXTURES.filter((name) => !/^(cut|corrupt|bad|empty|user0|two-interfaces|wlan)/.test(name));

test.each(names)('%s reads the same sliced as cut by a snap length', async (name) => {
  let sawSliced = false;
  for (const kept of KEPT) {
    const [cut, sliced] = [await examined(name, kept, false), await examined(name, kept, true)];
    expect(sliced.channels).toEqual(cut.channels);
    sawSliced ||= sliced.packets.some(isSliced);
    for (const [place, packet] of sliced.packets.entries()) {
      const other = cut.packets[place];
      if (!other || !isSliced(packet) || !isIp(packet)) continue;
      expect({ kept, number: place + 1, ...above(packet) }).toEqual({ kept, number: place + 1, ...above(other) });
    }
  }
  // The shortest cut lies in front of the IP header where there are tunnels or long link headers.
  expect(sawSliced).toBe(true);
});
