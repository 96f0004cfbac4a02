import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';

/** What one run of a program cost. */
export interface Cost {
  /** In seconds. */
  readonly wall: number;
  /** User and system time, its own and that of programs that it has run, in seconds. */
  readonly cpu: number;
  /** The most memory it had resident, in bytes. */
  readonly memory: number;
  readonly status: number | null;
}

/** How often a running program is looked at for its memory, in milliseconds. */
const LOOK_MS = 10;
/** Clock ticks a second, as Linux counts them for programs. */
const TICKS = 100;

/**
 * Runs a command to its end, with its output to nowhere or to a file, and tells what it cost. No other program that this
 * one has started may end meanwhile: its time would be counted too.
 */
export function run(command: readonly string[], output?: string): Promise<Cost> {
  const [program = '', ...args] = command;
  const sink = output === undefined ? 'ignore' : openSync(output, 'w');
  const before = cpuOfChildren();
  const start = process.hrtime.bigint();
  const child = spawn(program, args, { stdio: ['ignore', sink, 'ignore'] });
  let memory = 0;
  const watch = setInterval(() => {
    memory = peakOf(child.pid) ?? memory;
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
      const wall = Number(process.hrtime.bigint() - start) / 1e9;
      over();
      resolve({ wall, cpu: cpuOfChildren() - before, memory, status });
    });
  });
}

/** Seconds of user and system time of all programs that this process has started and that have ended. */
function cpuOfChildren(): number {
  // The name of the program stands in brackets and may hold anything.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}

/** The most memory that a process has had resident, in bytes, while it runs. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return peak === undefined ? undefined : Number(peak) * 1024;
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
