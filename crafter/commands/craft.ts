import { toHex } from '../../dissectors/wire/view.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { build } from '../part.js';
import { parseCraft } from './craft-arguments.js';
import { baseOf, type CapturedPacket } from './craft-base.js';
import { captureOf } from './craft-capture.js';
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
      const wantsHelp = argv.includes('--help') || argv.includes('-h');
      const isEmpty = argv.length === 1;
      io.print(wantsHelp || isEmpty ? FORGE_HELP : forgeText(argv.slice(1)));
      return isEmpty ? 2 : 0;
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
    throw error;
  }
}

/** The largest frame that is made, and the most that one file takes of all copies, in bytes. */
const MOST = { frame: 1 << 24, file: 1 << 30 };

async function craftGiven(given: CraftArguments, io: CraftIo): Promise<Crafted> {
  const crafted = await craftAny(given, io);
  const { size } = crafted.frame;
  if (size > MOST.frame) throw new CraftError(`the frame would have ${size} bytes; at most ${MOST.frame} can be made`);
  if (given.destination.to === 'file' && size * given.count > MOST.file) {
    throw new CraftError(`--count: all copies have more than ${MOST.file} bytes`);
  }
  return crafted;
}

async function craftAny(given: CraftArguments, io: CraftIo): Promise<Crafted> {
  if (!given.base) return craftPacket(given);
  const { file, packet } = given.base;
  const captured = await io.readPacket(file, packet);
  if (!captured) throw new CraftError(`${file}: has no packet ${packet}`, 1);
  return craftPacket(given, baseOf(captured, `${file}: packet ${packet}`));
}

/** What the system refuses is told, with the place. */
async function telling(where: string, work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    throw isRefusal(error) ? new CraftError(`${where}: ${systemReason(error)}`, 1) : error;
  }
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
      return telling(
        destination.path,
        io.saveFile(destination.path, captureOf(destination.path, crafted, count, io.now())),
      );
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
