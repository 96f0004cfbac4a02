import { cookiesAt, serverCookieSize } from '../../../dissectors/dns/cookies.js';
import { dnsHeader, questionEnd } from '../../../dissectors/dns/layout.js';
import { countOf, questionAfter } from '../../../dissectors/dns/message.js';
import { readName, skipName } from '../../../dissectors/dns/name.js';
import { typeText } from '../../../dissectors/dns/numbers.js';
import { CLIENT_COOKIE_SIZE } from '../../../dissectors/dns/options.js';
import { messageStart } from '../../../dissectors/dns/place.js';
import type { Layer, Network } from '../../../dissectors/layer.js';
import { addressSize, sourceAddress } from '../../../dissectors/source-address.js';
import { slice } from '../../../dissectors/wire/view.js';
import { networkAround, portsAround } from '../ends.js';
import type { Step } from '../step.js';

const { fields } = dnsHeader;

/** A message between a client and a server, in the bytes of a packet. */
export interface DnsMessage {
  readonly layer: Layer;
  readonly view: DataView;
  /** Where the message starts, and how far it may be read. */
  readonly at: number;
  readonly captured: number;
  readonly isResponse: boolean;
  readonly id: number;
  /** What a query and its response share, in 52 bits: a hash of addresses, ports and id. No text is made for each message. */
  readonly key: number;
  readonly network: Network;
}

/** The cookies of a message, as texts of a character a byte; the server's is empty where there is none. */
export interface Cookies {
  readonly client: string;
  readonly server: string;
  /** Where they are. */
  readonly at: number;
  readonly end: number;
}

/** The message of a layer; undefined where it is none between two hosts: multicast, cut, without addresses. */
export function messageOf({ dissection }: Step, layer: Layer, place: number): DnsMessage | undefined {
  const view = dissection.sources[layer.source]?.view;
  const network = networkAround(dissection, place);
  const ports = portsAround(dissection, place);
  const at = messageStart(layer);
  const { captured } = layer.limit;
  if (!view || !network || !ports || layer.stop || at + dnsHeader.size > captured || isMulticast(network)) {
    return undefined;
  }
  const isResponse = fields['flags.response'].read(view, at);
  const id = fields.id.read(view, at);
  const source = sourceAddress(network);
  const { destination } = network;
  const [client, server] = isResponse ? [destination, source] : [source, destination];
  const [clientPort, serverPort] = isResponse ? [ports[1], ports[0]] : ports;
  const key = keyOf(network, client, server, clientPort * 0x1_0000 + serverPort, id);
  return { layer, view, at, captured, isResponse, id, key, network };
}

/** Two hashes of 26 bits over what a query and its response share, with different factors. */
function keyOf(network: Network, client: number, server: number, ports: number, id: number): number {
  const { view } = network;
  const size = addressSize(network);
  let one = Math.imul(ports ^ 0x9e37_79b9, 0x85eb_ca6b) ^ id;
  let other = Math.imul(ports ^ 0x7f4a_7c15, 0xc2b2_ae35) + id;
  for (let at = 0; at < size; at += 4) {
    const words = view.getInt32(client + at) ^ Math.imul(view.getInt32(server + at), 0x27d4_eb2f);
    one = Math.imul(one ^ words ^ (one >>> 15), 0x2c1b_3c6d);
    other = Math.imul(other ^ words ^ (other >>> 13), 0x297a_2d39);
  }
  one = Math.imul(one ^ (one >>> 16), 0x45d9_f3b);
  other = Math.imul(other ^ (other >>> 16), 0x119d_e1f3);
  return (one >>> 6) * 2 ** 26 + (other >>> 6);
}

/** The addresses of both, the client's first, as a text. */
export function pairOf({ network, isResponse }: DnsMessage): string {
  const from = addressText(network, sourceAddress(network));
  const to = addressText(network, network.destination);
  return isResponse ? to + from : from + to;
}

function isMulticast({ version, view, destination }: Network): boolean {
  const first = view.getUint8(destination);
  return version === 4 ? first >>> 4 === 0xe : first === 0xff;
}

/** An address as a text, a character for each 16 bits. */
function addressText({ version, view }: Network, at: number): string {
  if (version === 4) return String.fromCharCode(view.getUint16(at), view.getUint16(at + 2));
  let text = '';
  for (let place = at; place < at + 16; place += 2) text += String.fromCharCode(view.getUint16(place));
  return text;
}

/** The bytes of the client's address. */
export function clientAddress({ network, isResponse }: DnsMessage): Uint8Array {
  const start = isResponse ? network.destination : sourceAddress(network);
  return slice(network.view, start, start + addressSize(network));
}

/** The cookies of a message, if it has any. */
export function cookiesOf({ view, at, captured }: DnsMessage): Cookies | undefined {
  const start = cookiesAt(view, at, captured);
  if (start < 0) return undefined;
  const middle = start + CLIENT_COOKIE_SIZE;
  const end = middle + serverCookieSize(view, start);
  return { client: bytesText(view, start, middle), server: bytesText(view, middle, end), at: start, end };
}

function bytesText(view: DataView, at: number, end: number): string {
  let text = '';
  for (let place = at; place < end; place++) text += String.fromCharCode(view.getUint8(place));
  return text;
}

/** The bytes that such a text stands for. */
export const textBytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** The bytes of the first question as a text; empty without one. */
export function questionBytes({ view, at, captured }: DnsMessage): string {
  const start = at + dnsHeader.size;
  const end = countOf(view, at, 0) > 0 ? questionAfter(view, start, captured) : -1;
  return end < 0 ? '' : bytesText(view, start, end);
}

/** The first question as people write it: `A example.org`; empty without one. */
export function questionText({ view, at, captured }: DnsMessage): string {
  const start = at + dnsHeader.size;
  if (countOf(view, at, 0) === 0 || questionAfter(view, start, captured) < 0) return '';
  const type = questionEnd.fields['qry.type'].read(view, skipName(view, start, captured));
  return `${typeText(type)} ${readName(view, at, start, captured).text}`;
}
