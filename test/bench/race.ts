import { execFileSync } from 'node:child_process';
import { type Cost, median, run } from './measure.js';

/** One program with its arguments. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
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

/** Runs contenders in turn, so that a machine that slows down slows them all; prints medians and ratios to the first. */
export async function race(title: string, contenders: readonly Contender[], rounds: number): Promise<void> {
  console.log(`\n${title}`);
  const costs = new Map<string, Cost[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, command } of contenders) costs.get(name)?.push(await run(command));
  }
  const first = medianOf(costs.get(contenders[0]?.name ?? '') ?? []);
  for (const { name } of contenders) {
    const all = costs.get(name) ?? [];
    const { wall, cpu, memory } = medianOf(all);
    const ratio = `ours/this ${(first.wall / wall).toFixed(3)}, this/ours ${(wall / first.wall).toFixed(1)}`;
    const line = `${wall.toFixed(2).padStart(8)} s ${cpu.toFixed(2).padStart(8)} s cpu ${(memory / 1e6).toFixed(0).padStart(6)} MB`;
    const failed = all.some(({ status }) => status !== 0) ? '   FAILED' : '';
    console.log(`  ${name.padEnd(36)}${line}   ${ratio}${failed}`);
  }
}

const medianOf = (costs: readonly Cost[]): Omit<Cost, 'status'> => ({
  wall: median(costs.map(({ wall }) => wall)),
  cpu: median(costs.map(({ cpu }) => cpu)),
  memory: median(costs.map(({ memory }) => memory)),
});
