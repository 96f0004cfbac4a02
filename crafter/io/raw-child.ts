/**
 * The process that sends raw frames: `node raw-child.js INTERFACE`. Frames come on standard input, each after its length
 * in four bytes, big-endian; what became of them goes to standard output, an object of JSON a line. It is a process of
 * its own because the library ends the one it runs in when the interface goes away.
 */
import { writeSync } from 'node:fs';
import { complaintOf, loadCap } from './load-cap.js';
import type { RawNews } from './raw-news.js';

/** Passes nothing: this process only sends. */
const FILTER = 'less 1';
const RING = 64 * 1024;
const LENGTH = 4;
/** The library keeps a pointer to it for as long as the interface is open. */
const received = Buffer.alloc(65_535);

const tell = (news: RawNews): void => void writeSync(1, `${JSON.stringify(news)}\n`);

/** Ends at once: after a failure, the library must not be cleaned up. */
function refuse(news: RawNews): never {
  tell(news);
  process.exit(1);
}

const handle = loadCap((why) => refuse({ type: 'missing', why }));
const name = process.argv[2] ?? '';
try {
  tell({ type: 'open', linkType: handle.open(name, FILTER, RING, received) });
} catch (error) {
  refuse({ type: 'refused', why: complaintOf(error) });
}

let sent = 0;
let failed = 0;
/** How long to wait for room in the interface's queue, in milliseconds; all of it again after each frame sent. */
const PATIENCE = 1000;
let patience = PATIENCE;
const clock = new Int32Array(new SharedArrayBuffer(4));
let problem: string | undefined;
let rest: Buffer = Buffer.alloc(0);

// Whoever ends all processes of the program at once lets this one send what it has.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.stdin.on('data', (bytes: Buffer) => {
  const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
  let at = 0;
  while (at + LENGTH <= all.length) {
    const end = at + LENGTH + all.readUInt32BE(at);
    if (end > all.length) break;
    send(all.subarray(at + LENGTH, end));
    at = end;
  }
  rest = all.subarray(at);
  tell(soFar());
});
process.stdin.on('end', () => process.exit(0));

function soFar(): RawNews {
  return { type: 'sent', sent, failed, ...(problem !== undefined && { problem }) };
}

function send(frame: Buffer): void {
  for (;;) {
    try {
      handle.send(frame, frame.length);
      sent += 1;
      patience = PATIENCE;
      return;
    } catch (error) {
      const why = complaintOf(error);
      // An interface slower than its frames come has room again in a while: nothing else is to be done until then.
      if (patience > 0 && /temporarily unavailable|no buffer space/i.test(why)) {
        Atomics.wait(clock, 0, 0, 1);
        patience -= 1;
        continue;
      }
      failed += 1;
      problem ??= why;
      if (/network is down|no such device/i.test(why)) refuse(soFar());
      return;
    }
  }
}
