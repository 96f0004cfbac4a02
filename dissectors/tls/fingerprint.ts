import { md5 } from '@noble/hashes/legacy.js';
import { slice, toHex, viewOf } from '../wire/view.js';
import { isGrease } from './grease.js';
import { EXTENSION, extensionOf, groupsOf, type Hello } from './hello.js';

const join = (numbers: readonly number[]): string => numbers.filter((one) => !isGrease(one)).join('-');

/** What JA3 is the MD5 of: version, suites, extensions, groups and point formats of a ClientHello, without those of GREASE. */
export function clientPrint(hello: Hello): string {
  const formats = extensionOf(hello, EXTENSION.pointFormats);
  const points = formats ? [...slice(hello.view, formats.at + 1, formats.end)] : [];
  const types = hello.extensions.map(({ type }) => type);
  return [hello.version, join(hello.suites), join(types), join(groupsOf(hello)), points.join('-')].join();
}

/** The same of a ServerHello: version, suite and extensions. */
export const serverPrint = (hello: Hello): string =>
  [hello.version, hello.suites.join('-'), hello.extensions.map(({ type }) => type).join('-')].join();

/** The fingerprint of such a text. */
export const ja3 = (print: string): string => {
  const bytes = new Uint8Array(print.length);
  for (let at = 0; at < print.length; at++) viewOf(bytes).setUint8(at, print.charCodeAt(at));
  return toHex(md5(bytes));
};
