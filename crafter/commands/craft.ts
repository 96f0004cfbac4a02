import { toHex } from '../../dissectors/wire/view.js';
import { isRefusal, systemReason } from '../io/system-reason.js';
import { timeOf } from '../rewrite/packet-times.js';
import { answerRequests, awaitAnswers } from './craft-answer.js';
import { parseCraft } from './craft-arguments.js';
import { addedTo, captureOf, HEAD_SIZE } from './craft-capture.js';
import { CraftError } from './craft-error.js';
import { FORGE_HELP, forgeText } from './craft-forge.js';
import { craftHelp } from './craft-help.js';
import { BARE_LINK_TYPE } from './craft-layers.js';
import type { CraftArguments } from './craft-options.js';
import { withFiles } from './craft-payload.js';
import { type Captured, type Series, seriesOf } from './craft-series.js';
import type { Copies, CraftIo } from './craft-world.js';

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
    await deliver(await withBytes(given, io), io);
    return 0;
  } catch (error) {
    if (error instanceof CraftError) {
      io.complain(`craft: ${error.message}`);
      return error.status;
    }
    throw error;
  }
}

/** The arguments with the bytes of files in them. */
async function withBytes(given: CraftArguments, io: CraftIo): Promise<CraftArguments> {
  const read = (path: string) => telling(path, io.readFile(path));
  return { ...given, payload: await withFiles(given.payload, read) };
}

async function capturedFor({ base }: CraftArguments, io: CraftIo): Promise<Captured | undefined> {
  if (!base) return undefined;
  const { file, packet } = base;
  const captured = await io.readPacket(file, packet);
  if (!captured) throw new CraftError(`${file}: has no packet ${packet}`, 1);
  return { ...captured, where: `${file}: packet ${packet}` };
}

/** What the system refuses is told, with the place. */
async function telling<T>(where: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw isRefusal(error) ? new CraftError(`${where}: ${systemReason(error)}`, 1) : error;
  }
}

async function deliver(given: CraftArguments, io: CraftIo): Promise<void> {
  if (given.listen !== undefined) return answerRequests(given, given.listen, io);
  const series = seriesOf(given, await capturedFor(given, io));
  const { destination } = given;
  if (given.answer && destination.to !== 'udp') throw new CraftError('--answer: goes with --udp');
  switch (destination.to) {
    case 'hex':
      for (let place = 0; place < series.count; place++) io.print(`${toHex(series.frame(place))}\n`);
      return;
    case 'file':
      return save(destination.path, given, series, io);
    case 'udp':
      if (given.answer) return awaitAnswers(given, destination, series, io);
      // The system puts its own layers around it.
      return send(given, destination, BARE_LINK_TYPE, series.payload, series.payloads, io);
    case 'interface':
      if (series.linkType === BARE_LINK_TYPE) {
        throw new CraftError(
          '--interface: a packet without layers is no frame; try --layer eth --layer ip --layer udp',
        );
      }
      return send(given, destination, series.linkType, series.frame, series.count, io);
  }
}

async function save(path: string, given: CraftArguments, series: Series, io: CraftIo): Promise<void> {
  const frames = series.all();
  const { rate, time, append } = given;
  const plan = {
    linkType: series.linkType,
    ...(series.roles && { roles: series.roles }),
    time: time === undefined ? io.now() : timeOf(time),
    ...(rate !== undefined && { rate }),
  };
  const head = append && path !== '-' ? await telling(path, io.headOf(path, HEAD_SIZE)) : undefined;
  if (head && head.length > 0) return telling(path, io.appendFile(path, addedTo(path, head, frames, plan)));
  return telling(path, io.saveFile(path, captureOf(path, frames, plan)));
}

function send(
  { rate, yes }: CraftArguments,
  to: Copies['to'],
  linkType: number,
  next: (place: number) => Uint8Array,
  count: number,
  io: CraftIo,
): Promise<void> {
  const first = next(0);
  return io.send({
    to,
    bytes: first,
    // The first was made already.
    next: (place) => (place === 0 ? first : next(place)),
    linkType,
    count,
    yes,
    ...(rate !== undefined && { rate }),
  });
}
