import { type ChannelPacket, idText } from '../../dissectors/channel/dissect.js';
import { ethernetHeader } from '../../dissectors/ethernet/layout.js';
import { ipv4Header } from '../../dissectors/ipv4/layout.js';
import { ipv6Header } from '../../dissectors/ipv6/layout.js';
import type { Layer, Network } from '../../dissectors/layer.js';
import { sctpHeader } from '../../dissectors/sctp/layout.js';
import { tcpHeader } from '../../dissectors/tcp/layout.js';
import { udpHeader } from '../../dissectors/udp/layout.js';
import { etherText, ipv4Text, ipv6Text } from '../../dissectors/wire/field.js';
import { hexOf } from '../../dissectors/wire/view.js';
import type { Packet } from '../print/packet.js';
import type { FlowLayer } from './flow-layers.js';

/** Something that one end sent to another in a packet. */
export interface Flow {
  readonly layer: FlowLayer;
  /** Addresses; where the layer has ports (or channels), the port after a blank. */
  readonly from: string;
  readonly to: string;
  /** Of the frame on the wire; for channel packets, their own. */
  readonly bytes: number;
  /** The TCP stream: ports may be used again; −1 elsewhere. */
  readonly stream: number;
}

/** An end as its address and port. */
export function endOf(text: string): { readonly address: string; readonly port: string | undefined } {
  const blank = text.indexOf(' ');
  if (blank < 0) return { address: text, port: undefined };
  return { address: text.slice(0, blank), port: text.slice(blank + 1) };
}

const PORTS = { udp: udpHeader, tcp: tcpHeader, sctp: sctpHeader } as const;

/**
 * Who sent what to whom in a packet, layer by layer. What an error message quotes was not sent here and does not count,
 * nor does a header that is cut or contradicts itself.
 *
 * @param wanted the layers to look for
 */
export function flowsOf({ dissection, wire }: Packet, wanted: ReadonlySet<FlowLayer>): readonly Flow[] {
  const flows: Flow[] = [];
  let network: readonly [from: string, to: string] = ['', ''];
  for (const layer of dissection.layers) {
    if (layer.quoted || layer.stop) continue;
    const view = dissection.sources[layer.source]?.view;
    if (!view) continue;
    const { name, at } = layer;
    switch (name) {
      case 'eth': {
        if (!wanted.has('eth')) break;
        const { src, dst } = ethernetHeader.fields;
        const from = etherText(view, at + src.offset);
        flows.push({ layer: 'eth', from, to: etherText(view, at + dst.offset), bytes: wire, stream: -1 });
        break;
      }
      case 'ip':
      case 'ipv6': {
        // The extension headers after a fragment header are a layer of their own, without addresses.
        if (layer.facts?.type !== 'network') break;
        network = addressesOf(layer.facts.network);
        const [from, to] = network;
        if (wanted.has(name)) flows.push({ layer: name, from, to, bytes: wire, stream: -1 });
        break;
      }
      case 'udp':
      case 'tcp':
      case 'sctp': {
        if (!wanted.has(name)) break;
        const { srcport, dstport } = PORTS[name].fields;
        const from = `${network[0]} ${srcport.read(view, at)}`;
        const to = `${network[1]} ${dstport.read(view, at)}`;
        flows.push({ layer: name, from, to, bytes: wire, stream: streamOf(layer) });
        break;
      }
    }
  }
  if (wanted.has('chan') || wanted.has('channel')) channelFlows(dissection.channels, wanted, flows);
  return flows;
}

function addressesOf({ version, view, at, destination }: Network): readonly [string, string] {
  if (version === 6) return [ipv6Text(view, at + ipv6Header.fields.src.offset), ipv6Text(view, destination)];
  return [ipv4Text(ipv4Header.fields.src.read(view, at)), ipv4Text(view.getUint32(destination))];
}

const streamOf = ({ facts }: Layer): number => (facts?.type === 'stream' ? facts.stream.number : -1);

function channelFlows(packets: readonly ChannelPacket[], wanted: ReadonlySet<FlowLayer>, flows: Flow[]): void {
  for (const { dialect, view, at, end, id, size } of packets) {
    if (id === undefined) continue;
    const { sender, recipient } = dialect.header.fields;
    const from = hexOf(view, at + sender.offset, at + sender.offset + 16);
    const to = hexOf(view, at + recipient.offset, at + recipient.offset + 16);
    const bytes = size ?? end - at;
    if (wanted.has('chan')) flows.push({ layer: 'chan', from, to, bytes, stream: -1 });
    if (wanted.has('channel')) {
      const port = idText(id);
      flows.push({ layer: 'channel', from: `${from} ${port}`, to: `${to} ${port}`, bytes, stream: -1 });
    }
  }
}
