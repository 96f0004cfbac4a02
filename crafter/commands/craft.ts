import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import { toHex } from '../../dissectors/wire/view.js';
import { build } from '../part.js';
import { parseCraft } from './craft-arguments.js';
import { baseOf, type CapturedPacket } from './craft-base.js';
import { CraftError } from './craft-error.js';
import { FORGE_HELP, forgeText } from './craft-forge.js';
import { craftHelp } from './craft-help.js';
import { BARE_LINK_TYPE, linkTypeOf } from './craft-layers.js';
import type { CraftArguments, Destination } from './craft-options.js';
import { type Crafted, craftPacket } from './craft-packet.js';

/** What is to be sent: so many times the same. */
export interface Copies {
  readonly to: Extract<Destination, { to: 'udp' | 'interface' }>;
  readonly bytes: Uint8Array;
  /** What a frame begins with, as capture files number it. */
  readonly linkType: number;
  readonly count: number;
  /** So many a second; as fast as it goes if left out. */
  readonly rate?: number;
  /** Whether a flood is meant. */
  readonly yes: boolean;
}

/** What `craft` needs of the world. Whoever runs it decides how: the program, or a test. */
export interface CraftIo {
  /** To standard output. */
  readonly print: (text: string) => void;
  /** One line about what went wrong, without the program's name. */
  readonly complain: (problem: string) => void;
  readonly now: () => { readonly seconds: number; readonly nanos: number };
  readonly saveFile: (path: string, bytes: Uint8Array) => Promise<void>;
  /** Sends packets in datagrams, or frames on an interface as they are. @throws {CraftError} if they cannot be sent */
  readonly send: (copies: Copies) => Promise<void>;
  /** A packet of a capture file, counted from 1; undefined if there are fewer. */
  readonly readPacket: (path: string, number: number) => Promise<CapturedPacket | undefined>;
}

/**
 * `handshark craft`: builds one packet from the words after it, and prints, writes or sends it.
 * @returns the exit status: 0 done, 1 the work failed, 2 the words make no sense
 */
export async function craft(argv: readonly string[], io: CraftIo): Promise<number> {
  try {
    if (argv[0] === 'forge') {
      const wantsHelp = argv.length === 1 || argv.includes('--help') || argv.includes('-h');
      io.print(wantsHelp ? FORGE_HELP : forgeText(argv.slice(1)));
      return 0;
    }
    const given = parseCraft(argv);
    if (given.help || argv.length === 0) {
      io.print(craftHelp());
      return given.help ? 0 : 2;
    }
    await deliver(given, await craftGiven(given, io), io);
    return 0;
  } catch (error) {
    if (error instanceof CraftError) {
      io.complain(`craft: ${error.message}`);
      return error.status;
    }
    if (isRefusal(error)) {
      io.complain(`craft: ${error.message}`);
      return 1;
    }
    throw error;
  }
}

/** What the system refuses: a file, a name, an interface. Node's own codes for bugs begin with ERR. */
const isRefusal = (error: unknown): error is Error =>
  error instanceof Error && 'code' in error && /^E(?!RR_)/.test(String(error.code));

async function craftGiven(given: CraftArguments, io: CraftIo): Promise<Crafted> {
  if (!given.base) return craftPacket(given);
  const { file, packet } = given.base;
  const captured = await io.readPacket(file, packet);
  if (!captured) throw new CraftError(`${file}: has no packet ${packet}`, 1);
  return craftPacket(given, baseOf(captured, `${file}: packet ${packet}`));
}

async function deliver(given: CraftArguments, crafted: Crafted, io: CraftIo): Promise<void> {
  const { destination, count, rate, yes } = given;
  const copies = { count, yes, ...(rate !== undefined && { rate }) };
  switch (destination.to) {
    case 'hex': {
      const line = `${toHex(build(crafted.frame))}\n`;
      for (let copy = 0; copy < count; copy++) io.print(line);
      return;
    }
    case 'file':
      return io.saveFile(destination.path, capture(crafted, count, io.now()));
    case 'udp':
      // The system puts its own layers around it.
      return io.send({ ...copies, to: destination, bytes: build(crafted.packet), linkType: BARE_LINK_TYPE });
    case 'interface':
      if (crafted.layers.length === 0) {
        throw new CraftError(
          '--interface: a packet without layers is no frame; try --layer eth --layer ip --layer udp',
        );
      }
      return io.send({
        ...copies,
        to: destination,
        bytes: build(crafted.frame),
        linkType: linkTypeOf(crafted.layers),
      });
  }
}

function capture(crafted: Crafted, count: number, time: { seconds: number; nanos: number }): Uint8Array {
  const bytes = build(crafted.frame);
  const header = pcapFileHeader({ linkType: linkTypeOf(crafted.layers), nanoseconds: true });
  const record = pcapRecord({ ...time, bytes, wire: bytes.length }, true);
  const file = new Uint8Array(header.length + count * record.length);
  file.set(header);
  for (let copy = 0; copy < count; copy++) file.set(record, header.length + copy * record.length);
  return file;
}
