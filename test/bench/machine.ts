import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { arch, cpus, release, totalmem, type } from 'node:os';
import { has } from './race.js';

/** What a run says of the machine and of the programs in it, a line each. */
export function machine(): readonly string[] {
  const models = [...new Set(cpus().map(({ model }) => model))];
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const lines = [
    `${cpus().length} × ${models.join(', ')} (${arch()}), ${memory} GiB, ${type()} ${release()}`,
    `Node.js ${process.version}`,
  ];
  if (has('tshark')) lines.push(versionOf('tshark', '--version'));
  if (has('tcpdump')) lines.push(versionOf('tcpdump', '--version'));
  const [load] = readFileSync('/proc/loadavg', 'utf8').split(' ');
  return [...lines, `load average before the run ${load}`];
}

const versionOf = (program: string, ...given: readonly string[]): string =>
  execFileSync(program, given, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ?? program;
