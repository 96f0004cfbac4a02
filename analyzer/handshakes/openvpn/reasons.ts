import type { Handshake } from '../handshake.js';

/** Why nothing came of the packet that was sent last. */
export function silentReason(row: Handshake): string {
  const count = row.attempts + row.resent > 1 ? 'hard resets' : 'a hard reset';
  switch (row.state) {
    case 'challenged':
      return "the server answered, and the client did not go on: the answer was lost, or its protection is not the client's";
    case 'echoed':
      return 'the client went on with the session of the server, which sent no TLS: the packets are lost, or refused';
    default:
      return `${count}, no answer: ${whySilent(row)}`;
  }
}

function whySilent({ proofStatus, details }: Handshake): string {
  if (proofStatus === 'invalid')
    return 'not protected with the known static key: a server that has it drops the packets';
  const other =
    details?.protection === 'none' ? 'the server asks for tls-auth or tls-crypt' : 'the server has another static key';
  return `lost on the way, filtered, nothing listens there, or ${other}`;
}

/** Alerts of TLS that end a handshake, by their numbers. Source: RFC 8446, section 6.2. */
const ALERTS: Readonly<Record<number, string>> = {
  40: 'handshake failure',
  42: 'bad certificate',
  43: 'unsupported certificate',
  44: 'certificate revoked',
  45: 'certificate expired',
  46: 'certificate unknown',
  47: 'illegal parameter',
  48: 'unknown certificate authority',
  50: 'decode error',
  51: 'decrypt error',
  70: 'protocol version',
  71: 'insufficient security',
  80: 'internal error',
};

export const alertReason = (isServer: boolean, number: number): string =>
  `the ${isServer ? 'server' : 'client'} ended TLS with an alert: ${ALERTS[number] ?? number}`;
