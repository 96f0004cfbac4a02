import { isIpv6, parseIpv4 } from '../dissectors/ip-address.js';

/** A host, by name or by address, and a UDP port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What a text such as `127.0.0.1:4242`, `[::1]:4242` or `example.org:4242` names; undefined for anything else. */
export function endpointFrom(text: string): Endpoint | undefined {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.%a-z]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) > 0xffff) return undefined;
  // A zone follows the address: fe80::1%eth0.
  if (bracketed !== undefined && !isIpv6(bracketed.replace(/%[^%]+$/, ''))) return undefined;
  // No name is all digits and dots; what looks like an address of IPv4 must be one.
  if (/^[\d.]+$/.test(host) && parseIpv4(host) === undefined) return undefined;
  return { host, port: Number(port) };
}

/** The same for somebody to send to: nobody can be reached at port 0. */
export function remoteEndpointFrom(text: string): Endpoint | undefined {
  const endpoint = endpointFrom(text);
  return endpoint?.port === 0 ? undefined : endpoint;
}

/** The same for a port of one's own. As in netcat the port alone will do, `:4242` or `4242`: for all addresses. */
export const ownEndpointFrom = (text: string): Endpoint | undefined =>
  endpointFrom(/^:?\d{1,5}$/.test(text) ? `[::]:${text.replace(':', '')}` : text);

/** Why a text is no endpoint, or none to send to, and what would be. */
export function endpointExpected(text: string): string {
  if (endpointFrom(text)?.port === 0) return 'nothing can be reached at port 0';
  const isBareIpv6 = /^[0-9a-f]*:[0-9a-f:.]*:\d+$/i.test(text);
  if (isBareIpv6) return 'expected HOST:PORT, with the host in brackets: [::1]:4242';
  return 'expected HOST:PORT, such as 127.0.0.1:4242 or [::1]:4242';
}

/** The text of an endpoint, as `endpointFrom` takes it. */
export const endpointText = ({ host, port }: Endpoint): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
