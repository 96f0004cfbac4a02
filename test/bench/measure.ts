import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** What one run of a program cost. */
export interface Cost {
  /** In seconds. */
  readonly wall: number;
  /** User and system time, in seconds. */
  readonly cpu: number;
  /** The most memory it had resident, in bytes. */
  readonly memory: number;
  readonly status: number | null;
}

/** How often a running program is looked at, in milliseconds. */
const LOOK_MS = 10;
/** Clock ticks a second, as Linux counts them for programs. */
const TICKS = 100;

/** Runs a command to its end, with its output to nowhere or to a file, and tells what it cost. */
export function run(command: readonly string[], output?: string): Promise<Cost> {
  const [program = '', ...args] = command;
  const sink = output === undefined ? 'ignore' : openSync(output, 'w');
  const start = process.hrtime.bigint();
  const child = spawn(program, args, { stdio: ['ignore', sink, 'ignore'] });
  let seen = { cpu: 0, memory: 0 };
  const watch = setInterval(() => {
    seen = usageOf(child.pid) ?? seen;
  }, LOOK_MS);
  return new Promise((resolve, reject) => {
    const over = () => {
      clearInterval(watch);
      if (typeof sink === 'number') closeSync(sink);
    };
    child.on('error', (error) => {
      over();
      reject(error);
    });
    child.on('exit', (status) => {
      over();
      resolve({ wall: Number(process.hrtime.bigint() - start) / 1e9, ...seen, status });
    });
  });
}

/** What a process has used so far, where the system tells. Its peak memory only grows, so the last look counts. */
function usageOf(pid: number | undefined): { readonly cpu: number; readonly memory: number } | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (peak === undefined) return undefined;
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS, memory: Number(peak) * 1024 };
  } catch {
    return undefined;
  }
}

/** The middle of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
