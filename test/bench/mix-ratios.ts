import type { MixName } from './mixes.js';
import type { Result } from './race.js';

/** Contenders by the names that their results are found by. */
export const TSHARK = 'tshark -n -r';
export const TSHARK_FIELDS = 'tshark -n -T fields';
export const TSHARK_JSON = 'tshark -n -T json';
export const TSHARK_LUA = 'tshark with the Lua dissector';
export const TCPDUMP = 'tcpdump -nn -r';
export const CAPINFOS = 'capinfos -c';
const CHANNELS = 'handshark channels';
const TEXT = 'handshark decode';
const FIELDS = 'handshark decode -T fields';
const JSON_LINES = 'handshark decode -T json';

/** What was measured on one mix. */
export interface Measured {
  readonly name: MixName;
  readonly packets: number;
  readonly bytes: number;
  /** Those that were drawn. */
  readonly fields: readonly string[];
  readonly results: ReadonlyMap<string, Result>;
}

/** How many times as fast as a peer this program is to be. */
interface Comparison {
  readonly title: string;
  readonly ours: string;
  readonly theirs: string;
  readonly of: 'cpu' | 'wall';
  /** At least so many times, with those for single mixes. */
  readonly goal: number;
  readonly goals?: Readonly<Partial<Record<MixName, number>>>;
  /** The only mixes that the goal is for; all unless given. */
  readonly only?: readonly MixName[];
}

const CHANNEL_MIXES: readonly MixName[] = ['bulk', 'handshakes', 'many', 'zero', 'vlan', 'ipv6', 'sll2', 'stream'];

/** Everything that is compared, in the order of the table. */
const COMPARISONS: readonly Comparison[] = [
  { title: 'channels / tshark', ours: CHANNELS, theirs: TSHARK, of: 'cpu', goal: 6, goals: { bulk: 10 } },
  { title: 'channels / Lua', ours: CHANNELS, theirs: TSHARK_LUA, of: 'cpu', goal: 100, only: CHANNEL_MIXES },
  { title: 'channels / capinfos, wall', ours: CHANNELS, theirs: CAPINFOS, of: 'wall', goal: 1 / 8, only: ['bulk'] },
  { title: 'text / tcpdump', ours: TEXT, theirs: TCPDUMP, of: 'cpu', goal: 1 },
  { title: 'text / tcpdump, wall', ours: TEXT, theirs: TCPDUMP, of: 'wall', goal: 1 / 0.7 },
  { title: 'text / tshark', ours: TEXT, theirs: TSHARK, of: 'cpu', goal: 1 },
  { title: 'fields / tshark', ours: FIELDS, theirs: TSHARK_FIELDS, of: 'cpu', goal: 10 },
  { title: 'JSON / tshark', ours: JSON_LINES, theirs: TSHARK_JSON, of: 'cpu', goal: 25 },
];

/** How many times as fast as a peer this program was, if both have run. */
export function timesFaster({ results }: Measured, { ours, theirs, of }: Comparison): number | undefined {
  const [mine, other] = [results.get(ours), results.get(theirs)];
  return mine && other && mine[of] > 0 ? other[of] / mine[of] : undefined;
}

const goalOf = ({ name }: Measured, { goal, goals, only }: Comparison): number | undefined =>
  only && !only.includes(name) ? undefined : (goals?.[name] ?? goal);

const rounded = (times: number): string => (times >= 10 ? times.toFixed(0) : times.toPrecision(2));

/** A ratio as the table has it, in bold where it misses its goal. */
function cell(measured: Measured, comparison: Comparison): string {
  const times = timesFaster(measured, comparison);
  if (times === undefined) return '';
  const goal = goalOf(measured, comparison);
  return goal !== undefined && times < goal ? `**${rounded(times)}**` : rounded(times);
}

/** How many times as fast as its peers this program was on each mix; what misses its goal is bold. */
export function ratioRows(all: readonly Measured[]): {
  heads: readonly string[];
  rows: readonly (readonly string[])[];
} {
  const goals = COMPARISONS.map(({ goal, goals }) =>
    [rounded(goal), ...Object.entries(goals ?? {}).map(([name, own]) => `${name} ${rounded(own)}`)].join(', '),
  );
  return {
    heads: ['mix', ...COMPARISONS.map(({ title }) => title)],
    rows: [
      ['goal', ...goals],
      ...all.map((measured) => [measured.name, ...COMPARISONS.map((comparison) => cell(measured, comparison))]),
    ],
  };
}

const TIMED: readonly string[] = [
  CHANNELS,
  TEXT,
  FIELDS,
  JSON_LINES,
  TSHARK,
  TSHARK_FIELDS,
  TSHARK_JSON,
  TSHARK_LUA,
  TCPDUMP,
  CAPINFOS,
];

/** CPU and wall-clock seconds of every program on each mix, and the most memory of ours. */
export function costRows(all: readonly Measured[]): { heads: readonly string[]; rows: readonly (readonly string[])[] } {
  const costOf = (result: Result | undefined) =>
    result === undefined ? '' : `${result.cpu.toFixed(2)} / ${result.wall.toFixed(2)}`;
  return {
    heads: ['CPU / wall, s', ...all.map(({ name }) => name)],
    rows: [
      ...TIMED.map((contender) => [contender, ...all.map(({ results }) => costOf(results.get(contender)))]),
      ['handshark, most memory, MB', ...all.map((measured) => (mostMemory(measured) / 1e6).toFixed(0))],
    ],
  };
}

/** The most memory that any of this program's runs had resident, in bytes. */
const mostMemory = ({ results }: Measured): number =>
  Math.max(...[...results].flatMap(([name, { memory }]) => (name.startsWith('handshark ') ? [memory] : [])));

/** For each comparison the mix on which it comes out worst, and whether its goal was missed anywhere. */
export function worstLines(all: readonly Measured[]): readonly string[] {
  const lines = COMPARISONS.flatMap((comparison) => {
    const known = all.flatMap((measured) => {
      const times = timesFaster(measured, comparison);
      const goal = goalOf(measured, comparison);
      return times === undefined || goal === undefined ? [] : [{ name: measured.name, times, goal }];
    });
    const [worst] = known.toSorted((one, other) => one.times / one.goal - other.times / other.goal);
    if (!worst) return [];
    const missed = known.filter(({ times, goal }) => times < goal).map(({ name }) => name);
    const goals = missed.length > 0 ? `missed on ${missed.join(', ')}` : 'reached everywhere';
    return [
      `${comparison.title}: worst on ${worst.name}, ${rounded(worst.times)}; goal ${rounded(worst.goal)} ${goals}`,
    ];
  });
  const [most] = all.toSorted((one, other) => mostMemory(other) - mostMemory(one));
  return most ? [...lines, `memory: most on ${most.name}, ${(mostMemory(most) / 1e6).toFixed(0)} MB`] : lines;
}
