import { type Dissector, type LayerName, NOT_MINE, type Tell } from '../layer.js';
import { payloadAt } from '../payload.js';
import { finding } from '../wire/finding.js';
import { asciiText } from '../wire/view.js';
import type { Announced, AnnouncedFlow } from './announced.js';
import { lineEnd, type Tells } from './first-bytes.js';

/** A protocol that is only named: nothing of it is read but what its name in the list takes. */
export interface NamedProtocol {
  /** As Wireshark's filters name it. */
  readonly name: LayerName;
  readonly title: string;
  /** As Wireshark's column of protocols names it. */
  readonly label: string;
  readonly udp?: readonly number[];
  readonly tcp?: readonly number[];
  /** Protocol numbers of IP. */
  readonly ip?: readonly number[];
  readonly type?: readonly number[];
  /** Whether a payload is of it, where what led to it proves too little. */
  readonly isMine?: Tells;
  /** Whether its first bytes tell it so well that no port is needed. */
  readonly anyUdp?: Tells;
  readonly anyTcp?: Tells;
  /** Its name in the column, where the bytes tell more: `IGMPv3`. The first byte is captured. */
  readonly labelOf?: (view: DataView, at: number, captured: number) => string;
  /** What the list says of a message besides; the first byte is captured. */
  readonly note?: (view: DataView, at: number, captured: number) => string;
  /** The key of the table `flow` under which it is found where another protocol has announced it. */
  readonly flow?: number;
  /** What a TCP stream carries to its end once its first bytes have told the protocol. */
  readonly stream?: Exclude<AnnouncedFlow, 'media' | 'tftp'>;
  /** What a message says of other addresses and ports; the first byte is captured. */
  readonly announces?: (view: DataView, at: number, captured: number) => readonly Announced[];
  /** Set where messages are lines of text: the list shows the first. */
  readonly isText?: true;
}

const NOTHING: readonly Announced[] = [];

/** The most characters of a first line that the list shows. */
const MOST_CHARACTERS = 120;

/** The dissector of a protocol that is only named: all of its bytes are its own, and nothing follows them. */
export function namedDissector(protocol: NamedProtocol): Dissector {
  const { name, title, label, isMine, labelOf, announces } = protocol;
  const tell: Tell = (view, { at, limit }, sink) => {
    const note = sink.shows ? noteOf(protocol, view, at, limit.captured) : '';
    sink.open(name, sink.shows ? `${title}${note === '' ? '' : `, ${note}`}` : '', at, limit.captured);
    sink.close();
  };
  return {
    name,
    title,
    label,
    labelOf: labelOf && ((view, { at, end }) => (at < end ? labelOf(view, at, end) : label)),
    fields: [],
    dissect: (view, at, limit, context) => {
      const { captured, wire } = limit;
      if (at >= captured || (isMine && !isMine(view, at, limit))) return NOT_MINE;
      const isCut = captured < wire && !context.quoted;
      const cut = isCut
        ? [finding('truncated', captured, captured, [name, wire - at, captured - at], context.source)]
        : undefined;
      const found = payloadAt(context, captured, limit, 'none', 0, undefined, cut);
      const announced = announces?.(view, at, captured) ?? NOTHING;
      return announced.length === 0 ? found : { ...found, announced };
    },
    tell,
    summary: (view, { at, limit }) => noteOf(protocol, view, at, limit.captured) || `Len=${limit.wire - at}`,
  };
}

function noteOf({ note, isText }: NamedProtocol, view: DataView, at: number, captured: number): string {
  if (at >= captured) return '';
  if (note) return note(view, at, captured);
  if (!isText) return '';
  const end = Math.min(lineEnd(view, at, { captured, wire: captured }), at + MOST_CHARACTERS);
  return isPrintable(view, at, end) ? asciiText(view, at, end) : '';
}

/** Whether bytes are text: what follows in a body, or in an encrypted stream, is not. */
function isPrintable(view: DataView, at: number, end: number): boolean {
  for (let place = at; place < end; place++) {
    const byte = view.getUint8(place);
    if ((byte < 0x20 && byte !== 9) || byte === 0x7f) return false;
  }
  return true;
}
