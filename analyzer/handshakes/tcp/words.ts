import type { Handshake } from '../handshake.js';
import type { TcpMemory } from './memory.js';

/** Why a handshake timed out. @param seconds how long it waited */
export function timeoutReason(row: Handshake, seconds: number): string {
  const { state, attempts } = row;
  if (state === 'challenged') {
    return withCookie(row, `the SYN-ACK was not acknowledged within ${seconds} s: half-open`);
  }
  return attempts > 1 ? `${attempts} SYNs got no answer` : 'the SYN got no answer';
}

/** Why a handshake ended with RST. */
export function resetReason(state: Handshake['state'], fromInitiator: boolean, { messages }: Handshake): string {
  if (fromInitiator) {
    if (state === 'asked') return 'the initiator reset the connection before an answer came';
    if (state === 'challenged') return 'the initiator reset the connection instead of acknowledging the SYN-ACK';
    return 'the initiator reset the connection after the handshake';
  }
  if (state === 'asked') return 'the SYN was answered by a RST: nothing listens there';
  const isSpurious = messages.some(({ name, note }) => name === 'ACK' && note !== undefined);
  if (state === 'challenged' && isSpurious) return 'a spurious acknowledgement was answered by a RST';
  return `the responder reset the connection after its ${state === 'challenged' ? 'SYN-ACK' : 'handshake'}`;
}

/** What a connection is in use by. */
export const usedText = (memory: TcpMemory | undefined): string =>
  memory?.isFast ? 'the connection is in use, opened with data of fast open' : 'the connection is in use';

/** An acknowledgement that is not the one that was wanted. */
export const wrongText = (found: number, wanted: number): string => `ack ${found}, wanted ${wanted}`;

/** The reason of a handshake whose SYN-ACK came, with what it shows of its responder. */
export function withCookie({ stateless }: Pick<Handshake, 'stateless'>, reason: string): string {
  if (stateless === 'yes') return `${reason}; the SYN-ACK is a SYN cookie`;
  return stateless === 'likely' ? `${reason}; the SYN-ACK is likely a SYN cookie` : reason;
}

/** Of a SYN-ACK that nothing followed. */
export const UNACKNOWLEDGED = 'the SYN-ACK was not acknowledged so far';
