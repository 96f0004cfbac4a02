import type { Handshake } from '../handshake.js';

/** Why nothing came of what was sent last. */
export function silentReason(row: Handshake): string {
  const { service } = row.details ?? {};
  const named = service ? ` that serves ${service}` : '';
  switch (row.state) {
    case 'asked':
      return row.attempts > 1
        ? `${row.attempts} PADI, and no access concentrator${named} offered anything: none is on this network or VLAN`
        : `no access concentrator${named} answered the PADI: none is on this network or VLAN`;
    case 'challenged':
      return 'offers came, but the host asked for no session: no PADR';
    default:
      return row.cookieStatus === 'echo-bad'
        ? 'the PADR with a wrong AC-Cookie was not answered'
        : 'the PADR was not answered: lost, or the access concentrator refuses the host without a word';
  }
}

/** A session that was granted, and maybe used and ended. */
export const grantedReason = (session: number): string =>
  `session 0x${session.toString(16).padStart(4, '0')} was granted; no frames of it both ways so far`;
