import { createSocket } from 'node:dgram';
import { writeFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import type { CraftIo } from './craft.js';

const NANOS = 1_000_000;

/** What `craft` needs of the world, as Node has it; the rest is handed in by the program. */
export const nodeCraftIo = (rest: Pick<CraftIo, 'print' | 'complain' | 'sendFrames' | 'readPacket'>): CraftIo => ({
  ...rest,
  now: () => {
    const ms = Date.now();
    return { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * NANOS };
  },
  saveFile: (path, bytes) => writeFile(path, bytes),
  sendUdp,
});

async function sendUdp(host: string, port: number, packets: readonly Uint8Array[]): Promise<void> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    for (const packet of packets) {
      await new Promise<void>((resolve, reject) => {
        socket.send(packet, port, host, (error) => (error ? reject(error) : resolve()));
      });
    }
  } finally {
    socket.close();
  }
}
