import { ALERT_LEVELS, ALERTS } from './alerts.js';
import { isRetry, protocolsOf, readClientHello, readServerHello, serverNameOf } from './hello.js';
import { CLIENT_HELLO, SERVER_HELLO } from './layout.js';
import { HANDSHAKE_TYPES } from './names.js';
import { MESSAGE_HEAD, type Message } from './records.js';

/** What the list says of a hello beside its name: the host that is asked for, and the protocols. */
function detail(name: string | undefined, protocols: readonly string[]): string {
  const parts = [
    ...(name === undefined ? [] : [`SNI=${name}`]),
    ...(protocols.length ? [`ALPN=${protocols.join()}`] : []),
  ];
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** What the list says of the ClientHello whose body is `[at, end)` of a view. @param dtls whether it may hold a cookie */
export function clientHelloText(view: DataView, at: number, end: number, dtls = false): string {
  const hello = readClientHello(view, at, end, { dtls });
  return `Client Hello${hello ? detail(serverNameOf(hello), protocolsOf(hello)) : ''}`;
}

/** The same of a ServerHello. */
export function serverHelloText(view: DataView, at: number, end: number): string {
  if (isRetry(view, at + 2)) return 'Hello Retry Request';
  const hello = readServerHello(view, at, end);
  return `Server Hello${hello ? detail(undefined, protocolsOf(hello)) : ''}`;
}

/** What the list says of a handshake message. */
export function messageText(view: DataView, { type, at, end }: Message): string {
  const body = at + MESSAGE_HEAD;
  if (type === CLIENT_HELLO) return clientHelloText(view, body, end);
  if (type === SERVER_HELLO) return serverHelloText(view, body, end);
  return HANDSHAKE_TYPES[type] ?? `Handshake message ${type}`;
}

/** What the list says of the alert at `at`. */
export function alertText(view: DataView, at: number, end: number): string {
  if (at + 2 > end) return 'Alert, cut off';
  const [level, description] = [view.getUint8(at), view.getUint8(at + 1)];
  return `Alert (Level: ${ALERT_LEVELS[level] ?? level}, Description: ${ALERTS[description] ?? description})`;
}
