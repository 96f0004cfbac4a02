import { fromHex } from '../../dissectors/wire/view.js';
import { remoteEndpointFrom } from '../endpoint.js';

/** A number of up to so many hex digits. @throws {RangeError} if it is none */
export const hexNumber = (value: string, digits: number): number => {
  if (!/^[0-9a-f]+$/i.test(value) || value.length > digits) {
    throw new RangeError(`"${value}" is not up to ${digits} hex digits`);
  }
  return Number.parseInt(value, 16);
};

/** A number of things. @throws {RangeError} if it is none */
export const count = (value: string): number => {
  if (!/^\d+$/.test(value)) throw new RangeError(`"${value}" is not a number`);
  return Number(value);
};

/** A secret in hex, or a text in quotes. Source: protocol page, "Secrets file". */
export function secretFrom(value: string): Uint8Array {
  const quoted = /^"(.*)"$/s.exec(value)?.[1];
  if (quoted !== undefined) return new TextEncoder().encode(quoted.replaceAll(/\\(["\\])/g, '$1'));
  return fromHex(value);
}

/** Where datagrams go, as `HOST:PORT`. @throws {RangeError} if it is none */
export function udpDestination(value: string): { readonly to: 'udp'; readonly host: string; readonly port: number } {
  const endpoint = remoteEndpointFrom(value);
  if (!endpoint) throw new RangeError(`"${value}" is not HOST:PORT`);
  return { to: 'udp', ...endpoint };
}
