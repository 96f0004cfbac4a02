import { isIPv6 } from 'node:net';
import { endpointExpected, endpointText, remoteEndpointFrom } from '../endpoint.js';
import { isOwnHost, isOwnInterface } from '../io/own-network.js';
import { openRawPort, type RawPort, RawPortError } from '../io/raw-port.js';
import { codeReason, isRefusal, systemReason } from '../io/system-reason.js';
import { listenUdp, resolve, type UdpPort } from '../io/udp-port.js';
import { CraftError } from './craft-error.js';

/** What became of packets that a target took but could not send. */
export interface Lost {
  readonly failed: number;
  /** Why the first of them was not sent. */
  readonly problem?: string;
}

/** Where packets go. */
export interface Target {
  /** In words. */
  readonly name: string;
  /** Whether nobody but this machine sees what is sent. */
  readonly isOwn: boolean;
  /** Whether no more can be sent. */
  readonly isGone: boolean;
  /** Whether it takes frames of a link type; payloads have none. Opens it for the first. @throws {CraftError} if it cannot be had */
  takes(linkType: number): boolean | Promise<boolean>;
  /** Sends a frame of a link type that it takes, or a payload. */
  send(bytes: Uint8Array): Promise<void> | undefined;
  /** Lets go what was taken. */
  flush(): void;
  /** Waits until all has left. */
  close(): Promise<Lost>;
}

/** A place that takes channel packets as UDP payloads. @throws {CraftError} if it cannot be reached */
export async function udpTarget(address: string): Promise<Target> {
  const endpoint = remoteEndpointFrom(address);
  if (!endpoint) throw new CraftError(`bad address: ${address}: ${endpointExpected(address)}`);
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
          problem ??= codeReason(code);
        },
      },
    );
    const to = endpointText(remote);
    return {
      name: to,
      isOwn: isOwnHost(remote.host),
      isGone: false,
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
    throw new CraftError(`${address}: ${systemReason(error)}`, 1);
  }
}

/** Datagrams that wait for the system at most. */
const MOST_WAITING = 512;

async function room(port: UdpPort): Promise<void> {
  while (port.waiting() >= MOST_WAITING) await new Promise((resolve) => setImmediate(resolve));
}

/** An interface that takes whole frames. It is opened for the first of them, whose link type it must fit. */
export function interfaceTarget(name: string): Target {
  let port: RawPort | undefined;
  let opened: number | undefined;
  const open = async (linkType: number): Promise<boolean> => {
    opened = linkType;
    port = await openRawPort(name, linkType).catch((error: unknown) => {
      throw error instanceof RawPortError ? new CraftError(error.message, 1) : error;
    });
    return true;
  };
  return {
    name,
    isOwn: isOwnInterface(name),
    get isGone() {
      return port?.gone !== undefined;
    },
    takes: (linkType) => (opened === undefined ? open(linkType) : linkType === opened),
    send: (bytes) => port?.send(bytes),
    flush: () => port?.flush(),
    close: async () => (port ? port.close() : { failed: 0 }),
  };
}
