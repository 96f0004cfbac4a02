import { openCapture } from '../../analyzer/capture/capture.js';
import { LOOK, YES } from '../../analyzer/filter/answer.js';
import { filterColumns } from '../../analyzer/filter/columns.js';
import { readFilter } from '../../analyzer/filter/compile.js';
import { Examiner } from '../../analyzer/index/examine.js';
import { KnownColumns } from '../../analyzer/index/known-columns.js';
import { PacketIndex } from '../../analyzer/index/packet-index.js';
import { replay } from '../../analyzer/index/replay.js';
import { scan } from '../../analyzer/index/scan.js';
import { median } from './measure.js';

/** What people ask of a list of packets. */
const FILTERS: readonly string[] = [
  'udp.port == 4242',
  'udp.srcport == 53',
  'ip.addr == 192.0.2.4',
  'ip.src == 192.0.2.0/29 and frame.len > 700',
  'frame.len > 700',
  'frame.number >= 1000 and frame.number < 2000',
  'frame.time_epoch >= 1767323050.5',
  'chan.msg.type == NEW',
  'chan.msg.type in {NEW, ACKNOWLEDGE, FINALIZE}',
  'chan.checksum.status == "bad"',
  'expert.severity >= warn',
  'chan.id == 00010000',
  'channel.number == 7',
  'channel.id == "00010000"',
  'channel.state == established and chan.msg.type == CLOSE',
  'channel.mode == tcp and not chan.msg.type == DATA and udp.port == 4242',
];
/** Rows that are answered at once, so that the screen can be drawn meanwhile. */
const AT_ONCE = 16_384;
/** Rows whose packets are asked as well, evenly spread. */
const ASKED = 20_000;

/** Indexes a capture, times filters over its columns, and compares what they answer with the packets themselves. */
export async function filterBench(path: string, rounds: number): Promise<string> {
  const capture = await openCapture(path, { randomAccess: true });
  const examiner = new Examiner({});
  const known = new KnownColumns(1);
  const index = new PacketIndex();
  const start = process.hrtime.bigint();
  for await (const { view, records, base, first } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    const { columns, rows, pool, fresh } = scan(examiner, known, { view, records, linkTypes }, base, first);
    index.append(columns, rows, pool, fresh);
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const source = {
    index,
    interfaces: capture.interfaces,
    comments: capture.log.comments,
    secrets: [],
    dialect: undefined,
    bytesAt: (offset: number, length: number) => Uint8Array.from(capture.readAt(offset, length)),
  };
  const bytes = Object.values(index.columns).reduce((sum, { BYTES_PER_ELEMENT }) => sum + BYTES_PER_ELEMENT, 0);
  const pool = (4 * index.pool.length) / index.length;
  const lines = [
    `${index.length} packets indexed in ${seconds.toFixed(2)} s; ${bytes} bytes of columns a packet, ${pool.toFixed(1)} of further facts`,
  ];
  const answers = new Uint8Array(index.length);
  for (const text of FILTERS) {
    const { checked, passes } = readFilter(text);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = process.hrtime.bigint();
      const fill = filterColumns(checked, source);
      for (let from = 0; from < index.length; from += AT_ONCE) {
        const to = Math.min(index.length, from + AT_ONCE);
        fill(from, to, answers.subarray(from, to));
      }
      times.push(Number(process.hrtime.bigint() - before) / 1e6);
    }
    let wrong = 0;
    for (let row = 0; row < index.length; row += Math.max(1, Math.floor(index.length / ASKED))) {
      const answer = answers[row];
      if (answer !== LOOK && passes(replay(source, row + 1)) !== (answer === YES)) wrong++;
    }
    const count = (wanted: number) => answers.reduce((sum, answer) => sum + (answer === wanted ? 1 : 0), 0);
    const told = `${count(YES)} pass, ${count(LOOK)} to be dissected${wrong > 0 ? `, ${wrong} WRONG` : ''}`;
    const [best = 0] = times.toSorted((one, other) => one - other);
    lines.push(`  ${median(times).toFixed(1).padStart(7)} ms (best ${best.toFixed(1)})  ${text}: ${told}`);
  }
  await capture.close();
  return lines.join('\n');
}
