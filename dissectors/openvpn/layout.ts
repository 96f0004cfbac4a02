import { bytes, derived, named, over, part, rest, u8, u16, u24, u32, u64 } from '../wire/field.js';
import { type Layout, layout } from '../wire/layout.js';

/** Kinds of packets. Source: OpenVPN, src/openvpn/ssl_pkt.h. */
export const CONTROL_V1 = 4;
export const ACK_V1 = 5;
export const DATA_V1 = 6;
export const HARD_RESET_CLIENT_V2 = 7;
export const HARD_RESET_SERVER_V2 = 8;
export const DATA_V2 = 9;
export const HARD_RESET_CLIENT_V3 = 10;
export const CONTROL_WKC_V1 = 11;

const OPCODES: Readonly<Record<number, string>> = {
  1: 'P_CONTROL_HARD_RESET_CLIENT_V1',
  2: 'P_CONTROL_HARD_RESET_SERVER_V1',
  3: 'P_CONTROL_SOFT_RESET_V1',
  [CONTROL_V1]: 'P_CONTROL_V1',
  [ACK_V1]: 'P_ACK_V1',
  [DATA_V1]: 'P_DATA_V1',
  [HARD_RESET_CLIENT_V2]: 'P_CONTROL_HARD_RESET_CLIENT_V2',
  [HARD_RESET_SERVER_V2]: 'P_CONTROL_HARD_RESET_SERVER_V2',
  [DATA_V2]: 'P_DATA_V2',
  [HARD_RESET_CLIENT_V3]: 'P_CONTROL_HARD_RESET_CLIENT_V3',
  [CONTROL_WKC_V1]: 'P_CONTROL_WKC_V1',
};

/** The first byte of every packet. All of OpenVPN is big-endian. */
export const openvpnStart = layout('openvpn', {
  type: over(u8('Type', 'hex')),
  opcode: over(part(u8('Opcode', 'hex', OPCODES), 0xf8)),
  keyid: part(u8('Key id'), 0x07),
});

/** What stands before each packet in a stream: its length, in bytes. Source: OpenVPN, src/openvpn/socket.h, `packet_size_type`. */
export const lengthPrefix = layout('openvpn', { plen: u16('Packet length') });

/** Whose packet of data it is, in the second form of them. */
export const peerPart = layout('openvpn', { peerid: u24('Peer id') });

/** What the sender of control packets calls its session. */
export const sessionPart = layout('openvpn', { sessionid: u64('Session id') });

/** What stands against repeats of authenticated packets: a number, and when the sender began to count. */
const replay = { pid: u32('Replay packet id'), net_time: u32('Net time') };

/** What `--tls-auth` puts in, by the bytes of its digest: of MD5, SHA-1, SHA-224, SHA-256, SHA-384 and SHA-512. */
const authOf = (digest: number): Layout => layout('openvpn', { hmac: bytes('HMAC', digest), ...replay });
export const AUTH_PARTS: ReadonlyMap<number, Layout> = new Map([20, 32, 64, 48, 28, 16].map((n) => [n, authOf(n)]));

/** What `--tls-crypt` puts in: the tag is an HMAC of SHA-256, and what follows is encrypted. */
export const cryptPart = layout('openvpn', { ...replay, hmac: bytes('HMAC', 32) });

/** Which packets of the other side have come: a count, so many numbers, and the other side's session. */
export const ackCount = layout('openvpn', { mpidarraylength: u8('Message packet-id array length') });
export const ackElement = layout('openvpn', { mpidarrayelement: u32('Message packet-id array element') });
export const remotePart = layout('openvpn', { rsessionid: u64('Remote session id') });
/** The number of a control packet; an acknowledgement alone has none. */
export const messagePart = layout('openvpn', { mpid: u32('Message packet-id') });
export const dataPart = layout('openvpn', { data: rest('Data') });

/** The key of a client that the server has wrapped, at the end of the packet: its last two bytes tell how long it is. */
export const wrappedKey = layout('openvpn', { wkc: rest('Wrapped client key') });
export const wrappedLength = layout('openvpn', { wkc_len: u16('Wrapped client key length') });

/** How control packets are protected: `none`, `tls-auth` or `tls-crypt`. Guessed from their bytes. */
export const WRAPPING = named('openvpn.wrapping', derived('Protection', 'string'));
