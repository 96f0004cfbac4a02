/**
 * The process that captures with the library `cap`: `node cap-child.js TASK`. Packets go to standard output as a pcap
 * stream, news to standard error. It is a process of its own because the library ends the one it runs in when the
 * interface goes down.
 */
import { write, writeSync } from 'node:fs';
import { complaintOf, loadCap } from '../../crafter/io/load-cap.js';
import { linkTypeNamed } from '../../crafter/io/raw-news.js';
import { pcapFileHeader } from '../../dissectors/file/pcap-writer.js';
import type { CapNews, CapTask } from './cap-news.js';

/** The library keeps as many bytes of a packet, and does not tell how many there were. */
const LONGEST = 65_535;
const RECORD_HEADER = 16;
/** Packets are gathered in pieces of this size. */
const PIECE = 256 * 1024;
/** What may wait to be written; then writing comes before capturing, and the system's buffer fills. */
const MOST_WAITING = 32 * 1024 * 1024;
const COUNTS_MS = 1000;
/** The clocks may differ by this much, in milliseconds, before the finer one is set. */
const DRIFT_MS = 2;

const tell = (news: CapNews): void => void writeSync(2, `${JSON.stringify(news)}\n`);

/** Ends at once: after a failure, the library must not be cleaned up. */
function refuse(news: CapNews): never {
  tell(news);
  process.exit(1);
}

// The argument is that of our own program.
const task = JSON.parse(process.argv[2] ?? '{}') as CapTask;
/** The library keeps a pointer to it for as long as the interface is open. */
const packet = Buffer.alloc(LONGEST);
const handle = loadCap((why) => refuse({ type: 'missing', why }));
const linkType = open();
if (task.check) process.exit(0);

const piece = Buffer.allocUnsafe(PIECE);
let filled = 0;
let waiting: Buffer[] = [];
let waitingSize = 0;
let isWriting = false;
let isSoon = false;
let packets = 0;
let epoch = Date.now() - performance.now();

waiting.push(Buffer.from(pcapFileHeader({ linkType, snapLength: task.snapLength, nanoseconds: true })));
pump();
handle.on('packet', take);
setInterval(() => tell({ type: 'received', packets }), COUNTS_MS);
process.once('SIGTERM', () => finish());
process.once('SIGINT', () => finish());

/** Copies a packet and queues it: longer work would stop the library from emptying the system's buffer. */
function take(size: number): void {
  packets += 1;
  const captured = Math.min(size, task.snapLength);
  if (filled + RECORD_HEADER + captured > PIECE) flush();
  const time = now();
  const seconds = Math.floor(time / 1000);
  piece.writeUInt32LE(seconds, filled);
  piece.writeUInt32LE(Math.floor((time - seconds * 1000) * 1e6), filled + 4);
  piece.writeUInt32LE(captured, filled + 8);
  piece.writeUInt32LE(size, filled + 12);
  packet.copy(piece, filled + RECORD_HEADER, 0, captured);
  filled += RECORD_HEADER + captured;
  if (isSoon) return;
  isSoon = true;
  setImmediate(() => {
    isSoon = false;
    flush();
    pump();
  });
}

/** In milliseconds since 1970, with a fraction. */
function now(): number {
  const time = epoch + performance.now();
  const drift = Date.now() - time;
  if (Math.abs(drift) <= DRIFT_MS) return time;
  epoch += drift;
  return time + drift;
}

/** Puts what was gathered in the queue. */
function flush(): void {
  if (filled === 0) return;
  waiting.push(Buffer.from(piece.subarray(0, filled)));
  waitingSize += filled;
  filled = 0;
  if (waitingSize > MOST_WAITING && !isWriting) writeAll();
}

/** Writes what waits, without waiting for it. */
function pump(): void {
  if (isWriting || waiting.length === 0) return;
  isWriting = true;
  const bytes = Buffer.concat(waiting);
  waiting = [];
  waitingSize = 0;
  writeFrom(bytes, 0);
}

function writeFrom(bytes: Buffer, from: number): void {
  write(1, bytes, from, bytes.length - from, null, (error, written) => {
    // Nobody reads any more.
    if (error) process.exit(0);
    if (from + written < bytes.length) return writeFrom(bytes, from + written);
    isWriting = false;
    pump();
  });
}

function writeAll(): void {
  const bytes = Buffer.concat(waiting);
  waiting = [];
  waitingSize = 0;
  for (let from = 0; from < bytes.length; ) from += writeSync(1, bytes, from);
}

function finish(): void {
  if (isWriting) return void setImmediate(finish);
  flush();
  writeAll();
  tell({ type: 'received', packets });
  process.exit(0);
}

function open(): number {
  try {
    const name = handle.open(task.interface, task.filter, task.bufferSize, packet);
    tell({ type: 'open', linkType: name });
    return linkTypeNamed(name);
  } catch (error) {
    return refuse({ type: 'refused', why: complaintOf(error) });
  }
}
