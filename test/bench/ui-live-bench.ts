import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** An hour of 5,000 packets a second. */
const PACKETS = 18_000_000;
const KEPT = 200_000;

/** Prints what an hour of live traffic costs the screen, in memory and on disk, as fast as it can be taken in. */
export async function uiLiveBench(): Promise<string> {
  const workers = ['dist/scan-worker.js', 'dist/query-worker.js'];
  const words = ['dist/tools/ui-live.js', PACKETS, KEPT, PACKETS / 18, ...workers].map(String);
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...words]);
  const lines = stdout.trim().split('\n');
  return lines.map((line) => told(JSON.parse(line))).join('\n');
}

interface Line {
  readonly count: number;
  readonly first: number;
  readonly seconds: number;
  readonly rss: number;
  readonly heapUsed: number;
  readonly disk: number;
}

function told({ count, first, seconds, rss, heapUsed, disk }: Line): string {
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`.padStart(8);
  const rate = `${Math.round(count / seconds)} packets/s`;
  return `  ${String(count).padStart(9)} packets, ${first - 1} forgotten: heap${mb(heapUsed)}, all memory${mb(rss)}, disk${mb(disk)}, ${rate}`;
}
