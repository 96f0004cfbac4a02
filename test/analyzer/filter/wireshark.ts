import { execFileSync, spawnSync } from 'node:child_process';
import type { Verdict } from './reading.js';

const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;

/** Filters changed with later versions: what is legal there may not be legal here. */
const VERSION = '4.0';

function missing(): string {
  const { stdout, error } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  if (error) return 'tshark is not installed';
  const version = /\d+\.\d+/.exec(stdout)?.[0] ?? 'unknown';
  return version === VERSION ? '' : `tshark is of version ${version}, not ${VERSION}`;
}

/** Why nothing can be compared with Wireshark here, or an empty text. */
export const wiresharkMissing = missing();

/** Whether Wireshark's own server is there, which needs no start for each filter. */
export const hasSharkd = wiresharkMissing === '' && has('sharkd');

/** Times without a zone are local. */
const env = { ...process.env, TZ: 'UTC' };

/** What `tshark -Y` makes of a capture. */
export function tsharkVerdict(path: string, filter: string): Verdict {
  const found = spawnSync('tshark', ['-n', '-r', path, '-Y', filter, '-T', 'fields', '-e', 'frame.number'], {
    env,
    encoding: 'utf8',
  });
  return found.status === 0 ? found.stdout.split('\n').filter(Boolean).map(Number) : 'illegal';
}

interface Reply {
  readonly id: number;
  readonly error?: unknown;
  readonly result?: readonly { readonly num: number }[];
}

/** What Wireshark's server makes of a capture. */
export function sharkdVerdicts(path: string, filters: readonly string[]): readonly Verdict[] {
  const requests = [
    { jsonrpc: '2.0', id: 1, method: 'load', params: { file: path } },
    ...filters.map((filter, place) => ({ jsonrpc: '2.0', id: place + 2, method: 'frames', params: { filter } })),
  ];
  const input = requests.map((request) => `${JSON.stringify(request)}\n`).join('');
  const output = execFileSync('sharkd', ['-'], {
    env,
    input,
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
    maxBuffer: 1 << 28,
  });
  const replies = new Map<number, Reply>();
  for (const line of output.split('\n').filter(Boolean)) {
    const reply = JSON.parse(line) as Reply;
    replies.set(reply.id, reply);
  }
  return filters.map((_, place) => {
    const { error, result } = replies.get(place + 2) ?? {};
    return error === undefined && result ? result.map(({ num }) => num) : 'illegal';
  });
}
