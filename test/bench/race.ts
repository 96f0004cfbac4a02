import { execFileSync } from 'node:child_process';
import { type Cost, median, run } from './measure.js';

/** One program with its arguments. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Takes part in the first of so many rounds only, where it takes minutes; in every round unless given. */
  readonly every?: number;
}

export const PROGRAM = 'dist/handshark.js';

export const ours = (name: string, ...args: readonly string[]): Contender => ({
  name: `handshark ${name}`,
  command: ['node', PROGRAM, ...args],
});

/** A contender whose tool may not be installed: then nobody. */
export const tool = (name: string, title: string, command: readonly string[]): readonly Contender[] =>
  has(name) ? [{ name: title, command: [name, ...command] }] : [];

export function has(name: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${name}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What the runs of a contender cost: medians, and the most memory of all. */
export interface Result {
  readonly wall: number;
  readonly cpu: number;
  readonly memory: number;
  /** Whether a run ended with another status than 0. */
  readonly failed: boolean;
}

/** Runs contenders in turn, so that a machine that slows down slows them all. */
export async function raced(contenders: readonly Contender[], rounds: number): Promise<ReadonlyMap<string, Result>> {
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command, every = 1 } of contenders) {
      if (round % every === 0) costs.get(name)?.push(await run(command));
    }
  }
  return new Map([...costs].map(([name, all]) => [name, resultOf(all)]));
}

const resultOf = (costs: readonly Cost[]): Result => ({
  wall: median(costs.map(({ wall }) => wall)),
  cpu: median(costs.map(({ cpu }) => cpu)),
  memory: Math.max(...costs.map(({ memory }) => memory)),
  failed: costs.some(({ status }) => status !== 0),
});

/** Races contenders, and prints what each cost and its ratios to the first. */
export async function race(title: string, contenders: readonly Contender[], rounds: number): Promise<void> {
  console.log(`\n${title}`);
  const results = await raced(contenders, rounds);
  const first = results.get(contenders[0]?.name ?? '');
  for (const [name, result] of results) {
    const ratio = first === undefined ? '' : `   ${ratioOf(first.wall, result.wall)}`;
    console.log(`${resultLine(name, result)}${ratio}`);
  }
}

const ratioOf = (one: number, other: number): string =>
  `ours/this ${(one / other).toFixed(3)}, this/ours ${(other / one).toFixed(1)}`;

/** What a contender cost, in a line. */
export function resultLine(name: string, { wall, cpu, memory, failed }: Result): string {
  const numbers = `${wall.toFixed(2).padStart(8)} s ${cpu.toFixed(2).padStart(8)} s cpu ${(memory / 1e6).toFixed(0).padStart(6)} MB`;
  return `  ${name.padEnd(36)}${numbers}${failed ? '   FAILED' : ''}`;
}
