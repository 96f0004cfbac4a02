import { isGrease } from '../../../dissectors/tls/grease.js';
import {
  EXTENSION,
  extensionOf,
  groupsOf,
  type Hello,
  selectedGroupOf,
  sharedGroupsOf,
} from '../../../dissectors/tls/hello.js';
import { slice } from '../../../dissectors/wire/view.js';
import { isEqual } from './judge.js';

/** Extensions that a second ClientHello may add, drop or change. Source: RFC 8446, section 4.1.2. */
const MAY_CHANGE: ReadonlySet<number> = new Set([
  EXTENSION.keyShare,
  EXTENSION.cookie,
  EXTENSION.earlyData,
  EXTENSION.preSharedKey,
  EXTENSION.padding,
  // An encrypted ClientHello is sealed anew. Source: RFC 9849, section 6.1.5.
  0xfe0d,
]);

/** What a second ClientHello has changed that must stay: a part of the message, or an extension by its type. */
export type Change = 'random' | 'session id' | 'cipher suites' | number;

/** What differs between two ClientHellos that must not, the first thing only. Source: RFC 8446, section 4.1.2. */
export function changeBetween(first: Hello, second: Hello): Change | undefined {
  if (!isEqual(randomOf(first), randomOf(second))) return 'random';
  if (!isEqual(first.sessionId, second.sessionId)) return 'session id';
  if (first.suites.join() !== second.suites.join()) return 'cipher suites';
  const types = new Set([...first.extensions, ...second.extensions].map(({ type }) => type));
  for (const type of types) {
    if (MAY_CHANGE.has(type) || isGrease(type)) continue;
    const [one, other] = [dataOf(first, type), dataOf(second, type)];
    if (!one || !other || !isEqual(one, other)) return type;
  }
  return undefined;
}

export const randomOf = ({ view, randomAt }: Hello): Uint8Array => slice(view, randomAt, randomAt + 32);

function dataOf(hello: Hello, type: number): Uint8Array | undefined {
  const found = extensionOf(hello, type);
  return found && slice(hello.view, found.at, found.end);
}

/** What is wrong with the group that a HelloRetryRequest asks for: a client must refuse it. Source: RFC 8446, section 4.2.8. */
export type GroupFault = 'not offered' | 'share sent';

export function groupFaultOf(first: Hello, retry: Hello, hasCookie: boolean): GroupFault | undefined {
  const group = selectedGroupOf(retry);
  if (group === undefined) return undefined;
  if (!groupsOf(first).includes(group)) return 'not offered';
  // With a cookie the request makes sense all the same.
  return sharedGroupsOf(first).includes(group) && !hasCookie ? 'share sent' : undefined;
}
