import { execFileSync } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { run } from './measure.js';
import { FOLDER } from './mixes.js';
import { type Contender, has, PROGRAM } from './race.js';

/** Prints that something is the same in several outputs, or what is not. */
const tell = (what: string, count: number, different: number, example = ''): void =>
  console.log(`  ${what}: ${count}, ${different === 0 ? 'the same' : `${different} DIFFERENT${example}`}`);

/** The lines of what a contender prints. */
async function* linesOf({ command }: Contender, place: number): AsyncGenerator<string> {
  const file = `${FOLDER}/printed-${place}`;
  await run(command, file);
  try {
    yield* createInterface({ input: createReadStream(file) });
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * Lets two contenders print, and compares what their lines say; prints how many differ, and the first of those.
 * @param wordsOf what a line says; undefined for lines that do not count, such as those around records
 */
export async function compareLines(
  what: string,
  [one, other]: readonly [Contender, Contender],
  wordsOf: readonly [(line: string) => string | undefined, (line: string) => string | undefined],
): Promise<void> {
  const [ours, theirs] = [worded(linesOf(one, 0), wordsOf[0]), worded(linesOf(other, 1), wordsOf[1])];
  let [lines, different, example] = [0, 0, ''];
  for (;;) {
    const [here, there] = [await ours.next(), await theirs.next()];
    if (here.done && there.done) break;
    lines++;
    if (!here.done && !there.done && here.value === there.value) continue;
    different++;
    example ||= `, first in line ${lines}: "${here.value}" and "${there.value}"`;
  }
  tell(what, lines, different, example);
}

async function* worded(
  lines: AsyncGenerator<string>,
  wordsOf: (line: string) => string | undefined,
): AsyncGenerator<string> {
  for await (const line of lines) {
    const words = wordsOf(line);
    if (words !== undefined) yield words;
  }
}

const ROW = /^[^\d]*(\d+)\s+([\d.]+)\s+(\S+)\s+→\s+(\S+)\s+\S+\s+(\d+)\s/;

/** Number, time, addresses and length of a line of a list. */
export const rowOf = (line: string): string => ROW.exec(line)?.slice(1).join(' ') ?? line;

/** A line of fields without those columns whose fields are not compared. */
export const columnsOf =
  (compared: readonly boolean[]) =>
  (line: string): string =>
    line
      .split('\t')
      .filter((_, place) => compared[place])
      .join('\t');

/** The number and length of a packet in a line of our JSON. */
export function ofOurJson(line: string): string {
  const { frame } = JSON.parse(line);
  return `${frame.number} ${frame.len}`;
}

/** Reads the number and length of each packet from the lines of tshark's JSON, which has a line a field. */
export function ofTheirJson(): (line: string) => string | undefined {
  let number = '';
  return (line) => {
    const [, name, value = ''] = /^\s+"(frame\.number|frame\.len)": "(\d+)"/.exec(line) ?? [];
    if (name === 'frame.number') number = value;
    return name === 'frame.len' ? `${number} ${value}` : undefined;
  };
}

/** The packets that each program counts in a capture. */
export async function compareCounts(path: string, packets: number): Promise<void> {
  const numbers: Contender = {
    name: 'numbers',
    command: ['node', PROGRAM, 'decode', path, '-T', 'fields', '-e', 'frame.number'],
  };
  let ours = 0;
  for await (const _ of linesOf(numbers, 0)) ours++;
  const counts = [ours];
  if (has('capinfos')) {
    const told = execFileSync('capinfos', ['-M', '-c', path], { encoding: 'utf8' });
    counts.push(Number(/packets\D+(\d+)/.exec(told)?.[1]));
  }
  if (has('tcpdump')) {
    let lines = 0;
    for await (const _ of linesOf({ name: 'tcpdump', command: ['tcpdump', '-nn', '-r', path] }, 0)) lines++;
    counts.push(lines);
  }
  tell('packets', packets, counts.filter((count) => count !== packets).length, ` of ${counts.join(', ')}`);
}
