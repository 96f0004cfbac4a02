import { closeSync, openSync, writeSync } from 'node:fs';
import { channelPacket, leastSize, message } from '../../crafter/channel-part.js';
import { ipv4From } from '../../crafter/ip-address.js';
import { ethernet } from '../../crafter/link-part.js';
import { ipv4 } from '../../crafter/network-part.js';
import { builder } from '../../crafter/part.js';
import { peerId } from '../../crafter/peer-id.js';
import { udp } from '../../crafter/transport-part.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import { fromHex } from '../../dissectors/wire/view.js';

const hmac = dialectNamed('hmac');
/** 198.18.0.0/15 is for benchmarks. Source: RFC 2544. */
const STRANGERS = 0xc612_0000;
const MOST_STRANGERS = 1 << 17;
/** Records that are gathered before they are written. */
const GATHERED = 4096;

/** Whom the packets are for. */
export interface Victim {
  readonly mac: string;
  readonly ipv4: string;
  readonly port: number;
  readonly peer: string;
}

/** Writes a capture of CHANNEL_NEWs to one peer, each from another address, peer and port that nobody has. */
export function writeSpoofedNews(path: string, { mac, ipv4: host, port, peer }: Victim, count: number): void {
  const build = builder();
  const [dst, recipient] = [ipv4From(host), peerId(peer)];
  const link = { src: fromHex('020000000009'), dst: fromHex(mac.replaceAll(':', '')) };
  const file = openSync(path, 'w');
  try {
    let records: Uint8Array[] = [pcapFileHeader({ linkType: 1, nanoseconds: true })];
    for (let number = 0; number < count; number++) {
      const sender = new Uint8Array(16);
      new DataView(sender.buffer).setUint32(0, number);
      const given = { c1: number & 0x7fff, cookie1: sender };
      const packet = channelPacket(hmac, { sender, recipient }, [message(hmac, 'CHANNEL_NEW', given)], {
        paddedTo: leastSize(hmac, 1),
      });
      const ports = { srcport: 1024 + (number % 60_000), dstport: port };
      const src = STRANGERS + (number % MOST_STRANGERS);
      const bytes = build(ethernet(link, ipv4({ src, dst }, udp(ports, packet))));
      records.push(pcapRecord({ seconds: 0, nanos: number, bytes, wire: bytes.length }, true));
      if (records.length < GATHERED) continue;
      writeSync(file, Buffer.concat(records));
      records = [];
    }
    writeSync(file, Buffer.concat(records));
  } finally {
    closeSync(file);
  }
}
