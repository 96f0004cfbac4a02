import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type Endpoint, endpointText } from '../../crafter/endpoint.js';
import { isRefusal, systemReason } from '../../crafter/io/system-reason.js';
import { connectUdp } from '../../crafter/io/udp-port.js';
import { fromHex, toHex } from '../../dissectors/wire/view.js';
import { UsageError } from '../commands/usage-error.js';
import { crafted, WORDS } from './craft-tool.js';
import type { Tool } from './tools.js';

/** Datagrams of one call, those that come back, and how long they are waited for in milliseconds. */
const MOST = { sent: 100, answers: 100, wait: 5000 };
const USUAL_WAIT = 500;

/** Sends crafted packets in datagrams, to the one address that the server was started with. */
export const sendTool = (remote: Endpoint): Tool => ({
  title: 'Send',
  about: `Sends packets to ${endpointText(remote)} in UDP datagrams, those of the words of \`craft\` or some given in hex, and tells what comes back.`,
  sends: true,
  shape: {
    words: WORDS.optional().describe('as for `craft`, without layers around the packet'),
    hex: z.array(z.string().max(140_000)).max(MOST.sent).optional().describe('a datagram each'),
    wait_ms: z.number().int().min(0).max(MOST.wait).optional().describe(`${USUAL_WAIT} unless given`),
  },
  answer: async (given, asked) => {
    const {
      words,
      hex,
      wait_ms: wait = USUAL_WAIT,
    } = given as {
      readonly words?: readonly string[];
      readonly hex?: readonly string[];
      readonly wait_ms?: number;
    };
    if ((words === undefined) === (hex === undefined)) throw new UsageError('send: give words, or hex');
    const texts = hex ?? (await crafted(words ?? [], asked)).lines;
    if (texts.length > MOST.sent) throw new UsageError(`send: ${texts.length} packets: at most ${MOST.sent} a call`);
    const packets = texts.map(bytesOf);
    const begun = performance.now();
    const answers: string[] = [];
    const notes = new Set<string>();
    const port = await connectUdp(remote, {
      onPacket: (bytes) => {
        if (answers.length < MOST.answers)
          answers.push(`after ${(performance.now() - begun).toFixed(1)} ms: ${toHex(bytes)}`);
        else notes.add(`answers beyond the first ${MOST.answers} are left out`);
      },
      onProblem: (code) => notes.add(`${endpointText(remote)}: ${code}`),
    }).catch((error: unknown) => {
      if (error instanceof Error && isRefusal(error))
        throw new UsageError(`send: ${endpointText(remote)}: ${systemReason(error)}`);
      throw error;
    });
    try {
      for (const bytes of packets) port.send(bytes, endpointText(remote));
      await sleep(wait, undefined, { signal: asked.signal }).catch(() => {});
    } finally {
      await port.close();
    }
    return { lines: [`sent ${packets.length} to ${endpointText(remote)}`, ...answers], notes: [...notes] };
  },
});

/** The largest datagram, in bytes. */
const MOST_DATAGRAM = 65_507;

function bytesOf(text: string): Uint8Array {
  try {
    const bytes = fromHex(text);
    if (bytes.length <= MOST_DATAGRAM) return bytes;
    throw new UsageError(`send: ${bytes.length} bytes: a datagram has at most ${MOST_DATAGRAM}`);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`send: ${text.slice(0, 40)}: ${error.message}`);
    throw error;
  }
}
