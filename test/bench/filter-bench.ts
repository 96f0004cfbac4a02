import { openCapture } from '../../analyzer/capture/capture.js';
import { LOOK, YES } from '../../analyzer/filter/answer.js';
import { filterRuns } from '../../analyzer/filter/columns.js';
import { readFilter } from '../../analyzer/filter/compile.js';
import { ROW_BYTES } from '../../analyzer/index/columns.js';
import { NewsOfCapture } from '../../analyzer/index/news-of-capture.js';
import { scan, scannerOf } from '../../analyzer/index/scan.js';
import { ScannedCapture } from '../../analyzer/index/scanned-capture.js';
import { Examiner } from '../../analyzer/track/examine.js';
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
/** Rows whose packets are asked as well, evenly spread. */
const ASKED = 20_000;

/** Indexes a capture, times filters over its columns, and compares what they answer with the packets themselves. */
export async function filterBench(path: string, rounds: number): Promise<string> {
  const capture = await openCapture(path, { randomAccess: true });
  const scanner = scannerOf(new Examiner({}), 1);
  const news = new NewsOfCapture(capture, scanner);
  const source = new ScannedCapture(false);
  source.open({ descriptor: capture.descriptor ?? -1, dialect: undefined });
  const start = process.hrtime.bigint();
  for await (const { view, records, base, first } of capture.batches()) {
    const linkTypes = (row: number) => capture.interfaces[records.interfaceId[row] ?? 0]?.linkType ?? -1;
    scan(scanner, { view, records, linkTypes }, base, first);
    source.apply(news.take());
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  const { index } = source;
  const chunks = index.segments.flatMap((segment) => segment?.chunks ?? []);
  const pool = chunks.reduce((sum, { length }) => sum + length, 0) / index.length;
  const lines = [
    `${index.length} packets indexed in ${seconds.toFixed(2)} s; ${ROW_BYTES} bytes of columns a packet, ${pool.toFixed(1)} of further facts`,
  ];
  const answers = new Uint8Array(index.length);
  for (const text of FILTERS) {
    const { checked, passes } = readFilter(text);
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = process.hrtime.bigint();
      const fill = filterRuns(checked, source);
      for (const run of index.runs(1, index.length)) fill(run, answers.subarray(run.base + run.from - 1));
      times.push(Number(process.hrtime.bigint() - before) / 1e6);
    }
    let wrong = 0;
    for (let row = 0; row < index.length; row += Math.max(1, Math.floor(index.length / ASKED))) {
      const answer = answers[row];
      if (answer !== LOOK && passes(source.packet(row + 1)) !== (answer === YES)) wrong++;
    }
    const count = (wanted: number) => answers.reduce((sum, answer) => sum + (answer === wanted ? 1 : 0), 0);
    const told = `${count(YES)} pass, ${count(LOOK)} to be dissected${wrong > 0 ? `, ${wrong} WRONG` : ''}`;
    const [best = 0] = times.toSorted((one, other) => one - other);
    lines.push(`  ${median(times).toFixed(1).padStart(7)} ms (best ${best.toFixed(1)})  ${text}: ${told}`);
  }
  await capture.close();
  return lines.join('\n');
}
