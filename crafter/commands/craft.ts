import { pcapFileHeader, pcapRecord } from '../../dissectors/file/pcap-writer.js';
import { toHex } from '../../dissectors/wire/view.js';
import { build } from '../part.js';
import { parseCraft } from './craft-arguments.js';
import { baseOf, type CapturedPacket } from './craft-base.js';
import { CraftError } from './craft-error.js';
import { FORGE_HELP, forgeText } from './craft-forge.js';
import { craftHelp } from './craft-help.js';
import { linkTypeOf } from './craft-layers.js';
import type { CraftArguments } from './craft-options.js';
import { type Crafted, craftPacket } from './craft-packet.js';

/** What `craft` needs of the world. Whoever runs it decides how: the program, or a test. */
export interface CraftIo {
  /** To standard output. */
  readonly print: (text: string) => void;
  /** One line about what went wrong, without the program's name. */
  readonly complain: (problem: string) => void;
  readonly now: () => { readonly seconds: number; readonly nanos: number };
  readonly saveFile: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly sendUdp: (host: string, port: number, packets: readonly Uint8Array[]) => Promise<void>;
  /** Sends frames on an interface as they are. @param linkType what they begin with, as capture files number it */
  readonly sendFrames: (interfaceName: string, frames: readonly Uint8Array[], linkType: number) => Promise<void>;
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

async function deliver({ destination, count }: CraftArguments, crafted: Crafted, io: CraftIo): Promise<void> {
  const copies = (bytes: Uint8Array): readonly Uint8Array[] => new Array<Uint8Array>(count).fill(bytes);
  switch (destination.to) {
    case 'hex':
      for (const bytes of copies(build(crafted.frame))) io.print(`${toHex(bytes)}\n`);
      return;
    case 'file':
      return io.saveFile(destination.path, capture(crafted, count, io.now()));
    case 'udp':
      // The system puts its own layers around it.
      return io.sendUdp(destination.host, destination.port, copies(build(crafted.packet)));
    case 'interface':
      return io.sendFrames(destination.name, copies(build(crafted.frame)), linkTypeOf(crafted.layers));
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
