import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { isIPv6 } from 'node:net';
import { type Endpoint, endpointFrom, endpointText } from '../endpoint.js';

/** What a port tells. Addresses are texts such as `10.0.0.1:4242` and `[::1]:4242`. */
export interface UdpEvents {
  /** The bytes are the receiver's: they do not change any more. */
  readonly onPacket: (bytes: Uint8Array, from: string) => void;
  /** A datagram would not go, or met nobody; the system's code, such as `ECONNREFUSED`. The port stays open. */
  readonly onProblem: (code: string) => void;
}

/** A UDP socket that is ready, IPv4 or IPv6. */
export interface UdpPort {
  readonly local: Endpoint;
  readonly send: (bytes: Uint8Array, to: string) => void;
  /** How many datagrams were sent and have not left yet: those that are too many for the system wait. */
  readonly waiting: () => number;
  /** Closes the port once all that was sent has left. */
  readonly close: () => Promise<void>;
}

/** The address that a host has; a host that is an address has itself. @throws {Error} what the system says of its name */
export async function resolve({ host, port }: Endpoint): Promise<Endpoint> {
  return { host: (await lookup(host)).address, port };
}

/** Opens a port for whoever sends something to it. @throws {Error} what the system says if it cannot be had */
export async function listenUdp(local: Endpoint, events: UdpEvents): Promise<UdpPort> {
  const at = await resolve(local);
  const socket = await bound(at).catch((error: NodeJS.ErrnoException) => {
    // Without IPv6, all addresses are those of IPv4.
    if (at.host !== '::' || error.code !== 'EAFNOSUPPORT') throw error;
    return bound({ ...at, host: '0.0.0.0' });
  });
  return portOf(socket, events, undefined);
}

/** Opens a port that talks to one address, so that the system tells when nobody is there. */
export async function connectUdp(remote: Endpoint, events: UdpEvents): Promise<UdpPort> {
  const { host, port } = await resolve(remote);
  const socket = await bound({ host: isIPv6(host) ? '::' : '0.0.0.0', port: 0 });
  try {
    const connected = once(socket, 'connect');
    socket.connect(port, host);
    await connected;
  } catch (error) {
    socket.close();
    throw error;
  }
  return portOf(socket, events, endpointText({ host, port }));
}

/** Bytes the system keeps of what came and was not taken yet: a flood should not lose what is wanted. */
const BUFFER = 4 << 20;

async function bound({ host, port }: Endpoint): Promise<Socket> {
  const family = isIPv6(host) ? 6 : 4;
  const socket = createSocket({
    type: family === 6 ? 'udp6' : 'udp4',
    recvBufferSize: BUFFER,
    sendBufferSize: BUFFER,
    // Hosts are addresses here, so there is nothing to ask, and nothing to wait for: what is sent leaves at once.
    lookup: (address, _options, callback) => callback(null, address, family),
  });
  try {
    const listening = once(socket, 'listening');
    socket.bind(port, host);
    await listening;
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** @param connected the one address that the socket talks to, if there is only one */
function portOf(socket: Socket, { onPacket, onProblem }: UdpEvents, connected: string | undefined): UdpPort {
  let underWay = 0;
  let last: Endpoint = { host: '', port: 0 };
  let lastText = '';
  let onIdle = (): void => {};
  const fail = (error: NodeJS.ErrnoException): void => onProblem(error.code ?? error.message);
  const left = (error: NodeJS.ErrnoException | null): void => {
    underWay -= 1;
    if (error) fail(error);
    if (underWay === 0) onIdle();
  };
  socket.on('error', fail);
  socket.on('message', (message: Buffer, from: RemoteInfo) => {
    const bytes = new Uint8Array(message.buffer, message.byteOffset, message.length);
    // Most datagrams come from where the one before came from.
    if (from.port !== last.port || from.address !== last.host) {
      last = { host: from.address, port: from.port };
      lastText = endpointText(last);
    }
    onPacket(bytes, lastText);
  });
  const { address, port } = socket.address();
  let target: Endpoint | undefined;
  let targetText = '';
  return {
    local: { host: address, port },
    send: (bytes, to) => {
      underWay += 1;
      if (connected !== undefined) {
        socket.send(bytes, left);
        return;
      }
      if (to !== targetText) {
        target = endpointFrom(to);
        targetText = to;
      }
      if (target) socket.send(bytes, target.port, target.host, left);
      else left(Object.assign(new Error(to), { code: 'EINVAL' }));
    },
    waiting: () => underWay,
    close: async () => {
      if (underWay > 0) {
        await new Promise<void>((idle) => {
          onIdle = idle;
        });
      }
      await new Promise<void>((closed) => socket.close(closed));
    },
  };
}
