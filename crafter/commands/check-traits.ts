import { type Mode, modeOf } from '../../dissectors/channel/capabilities.js';
import type { DialectName } from '../../dissectors/channel/dialects.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { toHex } from '../../dissectors/wire/view.js';
import { formsOf } from '../conformance/forms.js';
import { PACE } from '../conformance/suite.js';
import { messageValue } from '../script/actual.js';
import { check } from '../script/check.js';
import type { Overrides } from '../script/check-settings.js';
import { packetIn } from '../script/match.js';
import { parse } from '../script/parser.js';
import type { Play, PlayedPacket } from '../script/play.js';
import type { Script } from '../script/script.js';

/** As much DATA as fills a packet, nearly; and so many such packets that come at once are more than one had to be. */
const FULL = 900;
const FLIGHT = 4;
/** What is sent back may be a coincidence where it is shorter. */
const TELLING = 8;

/** What a peer under test is like, as far as the tests have shown it. */
export class Traits {
  /** Whether it was asked yet for what it does with what it receives. */
  isProbed = false;
  /** Whether it sends back what it receives. */
  echoes = false;
  /** Whether, as an initiator, it has many packets to send. */
  hasMuch = false;
  /** The `c1` that it took last, as an initiator. */
  earlierC1: number | undefined;
  /** The mode that it opens its channels in, as an initiator. */
  mode: Mode | undefined;

  /** Looks at what came in a test. */
  learn({ packets, script }: Play): void {
    if (script.role === 'initiator') return;
    const told = new Set(
      packets
        .filter(({ way }) => way === 'sent')
        .flatMap(dataIn)
        .map(toHex),
    );
    const came = packets.filter(({ way }) => way === 'came');
    const pieces = came.flatMap(dataIn);
    if (pieces.some((piece) => piece.length >= TELLING && told.has(toHex(piece)))) this.echoes = true;
    const full = new Set(came.filter((one) => dataIn(one).some(({ length }) => length >= FULL)).map(numberOf));
    if (full.size >= FLIGHT) this.hasMuch = true;
    for (const packet of came) this.mode ??= modeIn(packet);
    this.earlierC1 = came.map(firstHalfIn).find((half) => half !== undefined) ?? this.earlierC1;
  }
}

function dataIn({ bytes }: PlayedPacket): readonly Uint8Array[] {
  const packet = packetIn(bytes);
  if (!packet) return [];
  return packet.messages.flatMap((message) => {
    const data = message.code === CODES.DATA && !message.stop ? messageValue(packet, message, 'data') : undefined;
    return data instanceof Uint8Array ? [data] : [];
  });
}

const numberOf = ({ bytes }: PlayedPacket): number | undefined => packetIn(bytes)?.sequence;

/** The `c1` of the first CHANNEL_NEW in a packet. */
function firstHalfIn({ bytes }: PlayedPacket): number | undefined {
  const packet = packetIn(bytes);
  const asked = packet?.messages.find(({ code, stop }) => code === CODES.CHANNEL_NEW && !stop);
  const half = packet && asked && messageValue(packet, asked, 'c1');
  return typeof half === 'number' ? half : undefined;
}

/** The mode that a packet asks for a channel in, or opens one in. */
function modeIn({ bytes }: PlayedPacket): Mode | undefined {
  const packet = packetIn(bytes);
  for (const message of packet?.messages ?? []) {
    const isOpening = message.code === CODES.CHANNEL_NEW || message.code === CODES.CHANNEL_FINALIZE;
    const caps = packet && isOpening && !message.stop ? messageValue(packet, message, 'caps') : undefined;
    if (typeof caps === 'number') return modeOf(caps);
  }
  return undefined;
}

/** A script that passes if a responder sends back what it receives. */
export function probeOf(dialect: DialectName, overrides: Overrides): Script {
  const { handshake } = formsOf(dialect, PACE);
  // The reference has no DATA_WINDOW, and pads all packets to one size.
  const isReference = dialect === 'channeler';
  const text = `dialect ${dialect}
${isReference ? '' : 'ignore chan(id=*) ... window()'}
${handshake()}
+0 > ${isReference ? 'chan(padded_to=1200) ' : ''}data("is this sent back?")
*  < ... data("is this sent back?") ...`;
  return check(parse('whether the peer sends back what it receives', text), overrides);
}
