import { compareLines } from './mix-compare.js';
import { type Contender, ours, race, tool } from './race.js';

/** A checksum is as good as chance: one packet of a hundred passes. */
const ONE_PERCENT = 'udp.checksum < 655';

/** What a filter costs that few packets of a capture pass. */
export async function filteredBench(path: string, rounds: number): Promise<void> {
  const numbers = ['-Y', ONE_PERCENT, '-T', 'fields', '-e', 'frame.number'];
  for (const theirs of tool('tshark', 'tshark -Y', ['-n', '-r', path, ...numbers])) {
    await compareLines('packets that pass', [ours('decode -Y', 'decode', path, ...numbers), theirs], [String, String]);
  }
  const filter = [
    ours('decode -Y', 'decode', path, '-Y', ONE_PERCENT),
    ours('channels', 'channels', path),
    ...tool('tshark', 'tshark -n -Y', ['-n', '-r', path, '-Y', ONE_PERCENT]),
  ];
  await race(`a filter that one packet of a hundred passes: ${ONE_PERCENT}`, filter, rounds);
}

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
