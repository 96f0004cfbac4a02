import { readFileSync, readlinkSync } from 'node:fs';
import { isIP, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { endpointFrom, endpointText } from '../io/endpoint.js';
import { openRawPort, type RawPort, RawPortError } from '../io/raw-port.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { listenUdp, resolve, type UdpPort } from '../io/udp-port.js';
import { CraftError } from './craft-error.js';

/** Where packets go. */
export interface Target {
  /** In words. */
  readonly name: string;
  /** Whether nobody but this machine sees what is sent. */
  readonly isOwn: boolean;
  /** Whether it takes frames of a link type; payloads have none. */
  takes(linkType: number): boolean;
  /** @param linkType what the frame begins with; for UDP, bytes are payloads */
  send(bytes: Uint8Array, linkType: number): Promise<void> | undefined;
  /** Lets go what was taken. */
  flush(): void;
  /** Waits until all has left; how many packets the system refused, and why. */
  close(): Promise<{ readonly failed: number; readonly problem?: string }>;
}

/** A place that takes channel packets as UDP payloads. @throws {CraftError} if it cannot be reached */
export async function udpTarget(address: string): Promise<Target> {
  const endpoint = endpointFrom(address);
  if (!endpoint || endpoint.port === 0) throw new CraftError(`bad address: ${address}: expected HOST:PORT`);
  try {
    const remote = await resolve(endpoint);
    let failed = 0;
    let problem: string | undefined;
    // Not connected: that nobody listens is no reason to hold anything back.
    const port = await listenUdp(
      { host: isIPv6(remote.host) ? '::' : '0.0.0.0', port: 0 },
      {
        onPacket: () => {},
        onProblem: (code) => {
          failed += 1;
          problem ??= code;
        },
      },
    );
    const to = endpointText(remote);
    return {
      name: to,
      isOwn: isLoopback(remote.host) || isOwnNamespace(),
      takes: () => true,
      send: (bytes) => {
        port.send(bytes, to);
        return port.waiting() < MOST_WAITING ? undefined : room(port);
      },
      flush: () => {},
      close: async () => {
        await port.close();
        return { failed, ...(problem !== undefined && { problem }) };
      },
    };
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new CraftError(`cannot inject: ${address}: ${systemReason(error)}`, 1);
  }
}

/** Datagrams that wait for the system at most. */
const MOST_WAITING = 512;

async function room(port: UdpPort): Promise<void> {
  while (port.waiting() >= MOST_WAITING) await new Promise((resolve) => setImmediate(resolve));
}

/** An interface that takes whole frames. It is opened with the first of them, whose link type it must fit. */
export function interfaceTarget(name: string): Target {
  let port: RawPort | undefined;
  let opened: number | undefined;
  const told = (error: unknown): never => {
    throw error instanceof RawPortError ? new CraftError(`cannot inject: ${error.message}`, 1) : error;
  };
  return {
    name,
    isOwn: isLoopbackInterface(name) || isOwnNamespace(),
    takes: (linkType) => opened === undefined || linkType === opened,
    send: (bytes, linkType) => {
      if (port) return port.send(bytes);
      opened = linkType;
      return openRawPort(name, linkType).then((open) => {
        port = open;
        return open.send(bytes);
      }, told);
    },
    flush: () => port?.flush(),
    close: async () => (port ? port.close().catch(told) : { failed: 0 }),
  };
}

const isLoopback = (host: string): boolean =>
  isIP(host) === 4 ? /^127\./.test(host) : /^(::1|::ffff:127\..*)$/.test(host);

function isLoopbackInterface(name: string): boolean {
  if (networkInterfaces()[name]?.some(({ internal }) => internal)) return true;
  try {
    const LOOPBACK = 0x8;
    return (Number(readFileSync(`/sys/class/net/${name}/flags`, 'utf8')) & LOOPBACK) !== 0;
  } catch {
    return false;
  }
}

/** Whether this process is in a network namespace of its own, as tests make them; where that cannot be told, it is not. */
function isOwnNamespace(): boolean {
  try {
    return readlinkSync('/proc/self/ns/net') !== readlinkSync('/proc/1/ns/net');
  } catch {
    return false;
  }
}
