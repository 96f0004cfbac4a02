import { isIPv6 } from 'node:net';

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
  if (bracketed !== undefined && !isIPv6(bracketed)) return undefined;
  return { host, port: Number(port) };
}

/** The text of an endpoint, as `endpointFrom` takes it. */
export const endpointText = ({ host, port }: Endpoint): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
