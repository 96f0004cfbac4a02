import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { fromHex } from '../../dissectors/wire/view.js';

/** Whether what is sent to an address stays on this machine. */
export const isOwnHost = (host: string): boolean => isOwnAddress(host) || isOwnNamespace();

/** Whether what is sent on an interface stays on this machine: on its loopback, or in a namespace of one's own. */
export const isOwnInterface = (name: string): boolean =>
  isLoopbackInterface(name) || (isOwnNamespace() && !isCard(name));

const isLoopback = (host: string): boolean =>
  isIP(host) === 4 ? /^127\./.test(host) : /^(::1|::ffff:127\..*)$/.test(host);

/** What the system tells of an interface. Source: Linux, Documentation/ABI/testing/sysfs-class-net. */
const folderOf = (name: string): string => `/sys/class/net/${name}`;
const IS_UP = 0x1;
const IS_LOOPBACK = 0x8;

function flagsOf(name: string): number {
  try {
    return Number(readFileSync(`${folderOf(name)}/flags`, 'utf8'));
  } catch {
    return 0;
  }
}

const isLoopbackInterface = (name: string): boolean =>
  networkInterfaces()[name]?.some(({ internal }) => internal) === true || (flagsOf(name) & IS_LOOPBACK) !== 0;

/** Whether there is hardware behind an interface: it may have been moved into a namespace. */
const isCard = (name: string): boolean => existsSync(`${folderOf(name)}/device`);

/** The Ethernet address of an interface: 6 bytes, all zero for a loopback; undefined where it has none. */
export function macOfInterface(name: string): Uint8Array | undefined {
  const text = addressOf(name) ?? networkInterfaces()[name]?.[0]?.mac ?? '';
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? fromHex(text) : undefined;
}

function addressOf(name: string): string | undefined {
  try {
    return readFileSync(`${folderOf(name)}/address`, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Whether an address is one of this machine's own: it answers for that itself. */
export const isOwnAddress = (host: string): boolean =>
  isLoopback(host) ||
  Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === host));

/** What became of an interface that was there before; undefined where nothing has, or the system does not tell. */
export function interfaceTrouble(name: string): string | undefined {
  if (!existsSync(folderOf('lo'))) return undefined;
  if (!existsSync(folderOf(name))) return 'the interface is gone';
  return (flagsOf(name) & IS_UP) === 0 ? 'the interface went down' : undefined;
}

/** Of a process: which network namespace it is in, and its parent. Undefined where the system does not tell. */
export interface ProcessFacts {
  readonly namespaceOf: (pid: number) => string | undefined;
  readonly parentOf: (pid: number) => number | undefined;
}

/** No more ancestors are asked than these. */
const MOST_ANCESTORS = 64;

/**
 * Whether this process is in a network namespace of its own, as tests make them: in another one than the first process,
 * or than one of those that started this one. Where that cannot be told, it is not.
 */
export function isOwnNamespace(facts: ProcessFacts = PROC, self = process.pid): boolean {
  const own = facts.namespaceOf(self);
  if (own === undefined) return false;
  const differs = (pid: number): boolean => (facts.namespaceOf(pid) ?? own) !== own;
  let ancestor = facts.parentOf(self);
  for (let steps = 0; steps < MOST_ANCESTORS && ancestor !== undefined && ancestor > 0; steps++) {
    if (differs(ancestor)) return true;
    ancestor = facts.parentOf(ancestor);
  }
  return differs(1);
}

/** Source: proc(5). */
const PROC: ProcessFacts = {
  namespaceOf: (pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`);
    } catch {
      return undefined;
    }
  },
  parentOf: (pid) => {
    try {
      const [, parent] = /^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return parent === undefined ? undefined : Number(parent);
    } catch {
      return undefined;
    }
  },
};
