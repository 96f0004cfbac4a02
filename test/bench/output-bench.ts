import { createReadStream, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { run } from './measure.js';
import { type Contender, has, ours, race, tool } from './race.js';

/** Fields that both programs have, under the same names. */
const FIELDS = ['frame.number', 'ip.src', 'ip.dst', 'udp.srcport', 'udp.length'].flatMap((name) => ['-e', name]);
/** A checksum is as good as chance: one packet of a hundred passes. */
const ONE_PERCENT = 'udp.checksum < 655';

/** What is printed of a capture: lines, chosen lines, fields, JSON; each beside what tells the same elsewhere. */
export async function outputBench(path: string, small: string, folder: string, rounds: number): Promise<void> {
  const text = [ours('decode', 'decode', path), ...tool('tshark', 'tshark -n -r', ['-n', '-r', path])];
  await compare('text list', folder, text, rowOf);
  await race('text list', [...text, ...tool('tcpdump', 'tcpdump -nn -r', ['-nn', '-r', path])], rounds);

  const numbers = ['-Y', ONE_PERCENT, '-T', 'fields', '-e', 'frame.number'];
  await compare(
    'packets that pass',
    folder,
    [ours('decode -Y', 'decode', path, ...numbers), ...tool('tshark', 'tshark -Y', ['-n', '-r', path, ...numbers])],
    String,
  );
  const filter = [
    ours('decode -Y', 'decode', path, '-Y', ONE_PERCENT),
    ours('channels', 'channels', path),
    ...tool('tshark', 'tshark -n -Y', ['-n', '-r', path, '-Y', ONE_PERCENT]),
  ];
  await race(`a filter that one packet of a hundred passes: ${ONE_PERCENT}`, filter, rounds);

  const fields = [
    ours('decode -T fields', 'decode', path, '-T', 'fields', ...FIELDS),
    ...tool('tshark', 'tshark -n -T fields', ['-n', '-r', path, '-T', 'fields', ...FIELDS]),
  ];
  await compare('five fields', folder, fields, String);
  await race('five fields', fields, rounds);

  const printed = tool('tshark', 'tshark -n -T fields', ['-n', '-r', small, '-T', 'fields', ...FIELDS]);
  await compare('JSON, and five fields', folder, [...jsonOf(small).slice(0, 1), ...printed], fieldsOf);
  await race(`JSON, ${small}`, jsonOf(small), rounds);
  // Other programs take minutes for it: once must do.
  await race(`JSON, ${path}, one round`, jsonOf(path), 1);
}

const jsonOf = (path: string): readonly Contender[] => [
  ours('decode -T json', 'decode', path, '-T', 'json'),
  ...tool('tshark', 'tshark -n -T json', ['-n', '-r', path, '-T', 'json']),
];

/** How soon the program is done with little: its version, ten packets. */
export async function startBench(tenPackets: string, rounds: number): Promise<void> {
  const contenders: readonly Contender[] = [
    { name: 'node -e 0', command: ['node', '-e', '0'] },
    ours('--version', '--version'),
    ours('decode of ten packets', 'decode', tenPackets),
    ...tool('tshark', 'tshark -n -r of ten packets', ['-n', '-r', tenPackets]),
  ];
  await race('from start to end', contenders, 3 * rounds);
}

/** Lets each print once, and says whether all lines say the same. */
async function compare(
  title: string,
  folder: string,
  contenders: readonly Contender[],
  wordsOf: (line: string) => string,
): Promise<void> {
  const files = contenders.map((_, place) => `${folder}/printed-${place}`);
  for (const [place, { command }] of contenders.entries()) await run(command, files[place]);
  const [first, other] = files;
  if (!first || !other)
    return console.log(`\n${title}: ${has('tshark') ? '' : 'tshark is not installed: '}not compared`);
  const theirs = createInterface({ input: createReadStream(other) })[Symbol.asyncIterator]();
  let lines = 0;
  let different = 0;
  for await (const line of createInterface({ input: createReadStream(first) })) {
    lines++;
    const { value, done } = await theirs.next();
    if (done || wordsOf(line) !== wordsOf(value)) different++;
  }
  if (!(await theirs.next()).done) different++;
  for (const file of files) rmSync(file, { force: true });
  console.log(`\n${title}: ${lines} lines, ${different === 0 ? 'all the same' : `${different} DIFFERENT`}`);
}

const ROW = /^[^\d]*(\d+)\s+([\d.]+)\s+(\S+)\s+→\s+(\S+)\s+\S+\s+(\d+)\s/;

/** Number, time, addresses and length of a line of a list. */
const rowOf = (line: string): string => ROW.exec(line)?.slice(1).join(' ') ?? line;

/** The five fields of a line of JSON; of any other, the line. */
function fieldsOf(line: string): string {
  if (!line.startsWith('{')) return line;
  const { frame, ip, udp } = JSON.parse(line);
  return [frame.number, ip.src, ip.dst, udp.srcport, udp.length].join('\t');
}
