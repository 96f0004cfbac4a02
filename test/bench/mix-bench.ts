import { execFileSync } from 'node:child_process';
import { statSync, writeFileSync } from 'node:fs';
import { columnsOf, compareCounts, compareLines, ofOurJson, ofTheirJson, rowOf } from './mix-compare.js';
import { drawn, occurring, preferencesFor, sharedFields } from './mix-fields.js';
import { CAPINFOS, type Measured, TCPDUMP, TSHARK, TSHARK_FIELDS, TSHARK_JSON, TSHARK_LUA } from './mix-ratios.js';
import { captureOf, FOLDER, MIXES, type MixName } from './mixes.js';
import { type Contender, has, ours, PROGRAM, type Result, raced, resultLine, tool } from './race.js';

/** Packets of the capture that the Lua dissector reads, which takes some hundred microseconds for each. */
const LUA_PACKETS = 20_000;
/** Packets of which lists and fields are compared line by line, and of which JSON is. */
const COMPARED = 100_000;
const COMPARED_JSON = 10_000;
/** Packets in which fields are looked for. */
const LOOKED_AT = 2000;
/** Rounds of which the slowest contenders take part in one. */
const SLOW = 5;

export interface MixOptions {
  readonly packets: number;
  readonly rounds: number;
  /** Of the draw of fields. */
  readonly seed: number;
  /** The file with the secrets of all peers. */
  readonly secrets: string;
}

const LUA_PART = `${TSHARK_LUA}, part`;
const LUA_START = `${TSHARK_LUA}, start`;

/** Races this program and its peers on the capture of a mix, compares what they print, and tells what each cost. */
export async function mixBench(name: MixName, options: MixOptions): Promise<Measured> {
  const { packets, rounds, seed } = options;
  const path = captureOf(name, packets);
  const bytes = statSync(path).size;
  const { about } = MIXES[name];
  console.log(`\n== ${name} (${about}): ${packets} packets, ${(bytes / 1e6).toFixed(0)} MB, ${rounds} rounds`);
  const fields = drawn(occurring(captureOf(name, Math.min(packets, LOOKED_AT)), sharedFields()), seed, name);
  console.log(`  fields drawn with --seed ${seed}: ${fields.join(' ')}`);
  await compare(name, packets, fields);
  const results = await raced(contenders(name, path, fields, options), rounds);
  const whole = withLua(results, packets / Math.min(packets, LUA_PACKETS));
  for (const [contender, result] of whole) console.log(resultLine(contender, result));
  return { name, packets, bytes, fields, results: whole };
}

const named = (name: string, { command }: Contender, every?: number): Contender => ({
  name,
  command,
  ...(every !== undefined && { every }),
});

const theirsOn = (path: string, name: string, every: number | undefined, ...words: readonly string[]) =>
  tool('tshark', name, ['-n', '-r', path, ...words]).map((contender) => named(name, contender, every));

const listOf = (path: string) => ours('decode', 'decode', path);
const fieldsOf = (path: string, fields: readonly string[]) =>
  ours('decode -T fields', 'decode', path, '-T', 'fields', ...fields.flatMap((field) => ['-e', field]));
const jsonOf = (path: string) => ours('decode -T json', 'decode', path, '-T', 'json');
const theirFields = (path: string, fields: readonly string[]) =>
  theirsOn(
    path,
    TSHARK_FIELDS,
    undefined,
    '-T',
    'fields',
    ...preferencesFor(fields),
    ...fields.flatMap((field) => ['-e', field]),
  );
const theirJson = (path: string) => theirsOn(path, TSHARK_JSON, SLOW, '-T', 'json');

function contenders(
  name: MixName,
  path: string,
  fields: readonly string[],
  { packets, secrets }: MixOptions,
): readonly Contender[] {
  return [
    ours('channels', 'channels', path, '--secrets', secrets),
    ...theirsOn(path, TSHARK, undefined),
    listOf(path),
    ...tool('tcpdump', TCPDUMP, ['-nn', '-r', path]),
    fieldsOf(path, fields),
    ...theirFields(path, fields),
    jsonOf(path),
    ...theirJson(path),
    ...tool('capinfos', CAPINFOS, ['-c', path]),
    ...luaOn(captureOf(name, Math.min(packets, LUA_PACKETS)), LUA_PART),
    ...luaOn(captureOf(name, 1), LUA_START),
  ];
}

/** tshark with the dissector that this program exports. */
function luaOn(path: string, name: string): readonly Contender[] {
  if (!has('tshark')) return [];
  const script = `${FOLDER}/chan.lua`;
  writeFileSync(script, execFileSync('node', [PROGRAM, 'export', 'lua']));
  return theirsOn(path, name, SLOW, '-X', `lua_script:${script}`);
}

/** What the Lua dissector would cost for the whole capture: its start, and so many times the cost of a part of it. */
function withLua(results: ReadonlyMap<string, Result>, times: number): ReadonlyMap<string, Result> {
  const [part, start] = [results.get(LUA_PART), results.get(LUA_START)];
  if (!part || !start) return results;
  const scaled = (key: 'wall' | 'cpu') => start[key] + Math.max(0, part[key] - start[key]) * times;
  const { memory, failed } = part;
  return new Map([...results, [TSHARK_LUA, { wall: scaled('wall'), cpu: scaled('cpu'), memory, failed }]]);
}

/** Of this field the two programs print other values on purpose: what one cannot name is plain data for it. */
const isCompared = (field: string): boolean => !field.startsWith('data.');

/** Compares what is timed: counts of the whole capture, lists, fields and JSON of its start. */
async function compare(name: MixName, packets: number, fields: readonly string[]): Promise<void> {
  await compareCounts(captureOf(name, packets), packets);
  if (!has('tshark')) return console.log('  tshark is not installed: lists, fields and JSON are not compared');
  const path = captureOf(name, Math.min(packets, COMPARED));
  const small = captureOf(name, Math.min(packets, COMPARED_JSON));
  for (const theirs of theirsOn(path, TSHARK, undefined)) {
    await compareLines('lines of the list', [listOf(path), theirs], [rowOf, rowOf]);
  }
  const columns = columnsOf(fields.map(isCompared));
  for (const theirs of theirFields(path, fields)) {
    await compareLines('lines of five fields', [fieldsOf(path, fields), theirs], [columns, columns]);
  }
  for (const theirs of theirJson(small)) {
    await compareLines('packets in JSON', [jsonOf(small), theirs], [ofOurJson, ofTheirJson()]);
  }
  await compareLua(captureOf(name, Math.min(packets, LUA_PACKETS)));
}

/** What the Lua dissector and this program say of the channel packets. */
async function compareLua(path: string): Promise<void> {
  const words = ['-T', 'fields', '-e', 'frame.number', '-e', 'chan.size'];
  for (const theirs of luaOn(path, TSHARK_LUA)) {
    const mine = ours('fields', 'decode', path, ...words);
    const told = { ...theirs, command: [...theirs.command, ...words] };
    await compareLines('sizes of channel packets, by the Lua dissector', [mine, told], [String, String]);
  }
}
