import { dissectChannel, isChannelPacket } from '../../dissectors/channel/dissect.js';
import { explainChannel } from '../../dissectors/channel/explain.js';
import type { Line } from '../../dissectors/wire/line.js';
import { toHex, viewOf } from '../../dissectors/wire/view.js';
import { endpointText } from '../endpoint.js';
import { build } from '../part.js';
import { CraftError } from './craft-error.js';
import type { CraftArguments, Destination } from './craft-options.js';
import { craftPacket } from './craft-packet.js';
import { Request } from './craft-request.js';
import { type Series, withValues } from './craft-series.js';
import type { CraftIo, Received } from './craft-world.js';

const MS = 1000;

/**
 * Sends packets one after the other, and prints what comes back for each.
 * @throws {CraftError} if nothing comes back for any
 */
export async function awaitAnswers(
  { timeout }: CraftArguments,
  destination: Extract<Destination, { to: 'udp' }>,
  series: Series,
  io: CraftIo,
): Promise<void> {
  const to = endpointText(destination);
  const port = await io.openPort({ to });
  let answers = 0;
  try {
    for (let place = 0; place < series.payloads; place++) {
      const bytes = series.payload(place);
      port.send(bytes, to);
      const received = await port.receive(timeout * MS);
      if (received) answers++;
      io.print(received ? answerText(received) : `no answer to ${bytes.length} bytes within ${timeout} s\n`);
    }
  } finally {
    await port.close();
  }
  if (answers === 0) throw new CraftError(`${to}: no answer`, 1);
}

function answerText({ bytes, from, after }: Received): string {
  const head = `answer from ${from}: ${bytes.length} bytes after ${after.toFixed(1)} ms\n`;
  const view = viewOf(bytes);
  const limit = { captured: bytes.length, wire: bytes.length };
  if (!isChannelPacket(view, 0, limit)) return `${head}${toHex(bytes)}\n`;
  return `${head}${lineTexts(explainChannel(dissectChannel(view, 0, limit), 0), 0).join('\n')}\n`;
}

const INDENT = 4;

const lineTexts = ({ text, children }: Line, depth: number): readonly string[] => [
  // Texts come from the packet: what would move the cursor is replaced.
  ' '.repeat(INDENT * depth) + text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '·'),
  ...children.flatMap((child) => lineTexts(child, depth + 1)),
];

/** Answers the requests that come in at an address, until so many were answered or the user wants an end. */
export async function answerRequests(given: CraftArguments, at: string, io: CraftIo): Promise<void> {
  const port = await io.openPort({ at });
  try {
    io.print(`listening on ${port.local}\n`);
    for (let answered = 0; answered < given.count; ) {
      const received = await port.receive(Number.POSITIVE_INFINITY);
      if (!received) return;
      const answer = answerTo(given, received.bytes);
      if (!answer) continue;
      port.send(answer, received.from);
      answered++;
      io.print(`answered ${received.from} with ${answer.length} bytes\n`);
    }
  } finally {
    await port.close();
  }
}

/** The answer to a request; undefined where it is none that is to be answered, or lacks what the answer needs. */
function answerTo(given: CraftArguments, bytes: Uint8Array): Uint8Array | undefined {
  const request = new Request(bytes);
  if (!request.fulfils(given.when)) return undefined;
  const values = [...turned(given, request)];
  for (const { name, path } of given.take) {
    const [value] = request.valuesOf(path);
    if (value === undefined) return undefined;
    values.push([name, value]);
  }
  return build(craftPacket(withValues(given, values)).packet);
}

/** Who a channel packet came from is who the answer goes to, unless that was said. */
function turned({ header }: CraftArguments, request: Request): readonly (readonly [string, string])[] {
  const [sender] = request.valuesOf('chan.sender');
  const [recipient] = request.valuesOf('chan.recipient');
  return [
    ...(sender !== undefined && header.recipient === undefined ? [['recipient', sender] as const] : []),
    ...(recipient !== undefined && header.sender === undefined ? [['sender', recipient] as const] : []),
  ];
}
