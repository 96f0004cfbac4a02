import { ALERTS } from '../../../dissectors/tls/alerts.js';
import { type Hello, protocolsOf, serverNameOf } from '../../../dissectors/tls/hello.js';
import { groupName, HANDSHAKE_TYPES, versionName } from '../../../dissectors/tls/names.js';
import { hex16 } from '../../../dissectors/wire/view.js';
import type { Handshake } from '../handshake.js';
import type { TlsMemory } from './memory.js';

export const groupText = (group: number): string => groupName(group) ?? `group 0x${hex16(group)}`;
export const versionText = (version: number): string => versionName(version) ?? `version 0x${hex16(version)}`;
export const alertName = (description: number): string => ALERTS[description] ?? `alert ${description}`;

/** The name of a message, as the RFCs write it: `ServerHelloDone`. */
export const messageName = (type: number): string => (HANDSHAKE_TYPES[type] ?? `message ${type}`).replaceAll(' ', '');

/** What a ClientHello is for: the host, or the protocols where there is none. */
export function purposeOf(hello: Hello): string | undefined {
  const name = serverNameOf(hello);
  if (name !== undefined) return name;
  const protocols = protocolsOf(hello);
  return protocols.length > 0 ? protocols.join() : undefined;
}

/** What the last HelloRetryRequest asked for: "why did this server send one". */
export function retryPurpose({ group, wantsCookie, hadShare }: TlsMemory): string {
  const why = hadShare ? 'was sent already' : 'the ClientHello lacks';
  const share = group === undefined ? undefined : `a key share of ${groupText(group)}, which ${why}`;
  const cookie = wantsCookie ? 'the cookie back, to see that the client is where it says' : undefined;
  if (share && cookie) return `${share}, and ${cookie}`;
  return share ?? cookie ?? 'nothing that it names';
}

/** What came before an outcome: a HelloRetryRequest, and what for. Empty where none did. */
export function afterRetry(memory: TlsMemory): string {
  if (memory.retries === 0) return '';
  if (memory.retries === 1) return `; before, the server had asked for ${retryPurpose(memory)}`;
  return `; before, the server had sent ${memory.retries} HelloRetryRequests, of which one is allowed`;
}

/** What is waited for, or why nothing came, in one line. */
export function unansweredReason(row: Handshake, memory: TlsMemory): string {
  const times = row.attempts > 1 ? ` ${row.attempts} times` : '';
  if (memory.hellos > 1 && (memory.retries > 0 || memory.verifications > 0)) {
    return memory.wantsCookie || memory.verifications > 0
      ? `the client returned ${row.cookieStatus === 'echo-bad' ? 'another cookie' : 'the cookie'}; no answer so far`
      : `the client sent the share of ${groupText(memory.group ?? 0)} that was asked for; no answer so far`;
  }
  if (memory.retries > 0) return `the server asks for ${retryPurpose(memory)}; no second ClientHello so far`;
  if (memory.verifications > 0) return 'the server asks for its cookie back; no second ClientHello so far';
  return `the ClientHello was sent${times}; no answer so far`;
}
