import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABLES } from '../../../analyzer/export/tables/table-names.js';
import { PROGRAM } from '../../built-program.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from '../commands/running.js';
import { Cluster, noClickHouse } from './clickhouse.js';

type Json = Readonly<Record<string, unknown>>;
type Answer = readonly Json[];

if (noClickHouse) console.log(`not asked ClickHouse: ${noClickHouse}`);

const folder = makeFolder();
let cluster: Cluster | undefined;
afterAll(async () => {
  await cluster?.stop();
  folder.remove();
});

/** A file of a ring: its name, the fixture in it, and which packets of that the probe has seen. */
const RINGS = [
  ['north_00001.pcap', 'cookie-mismatch.pcap', ''],
  ['north_00002.pcapng', 'demo.pcapng', ''],
  ['north_00003.pcap', 'guessed-hmac.pcap', ''],
  ['south_00001.pcap', 'cookie-mismatch.pcap', 'frame.number != 6 && frame.number != 20'],
  ['south_00002.pcap', 'timed-out.pcap', ''],
  ['south_00003.pcap', 'tcp-syn-cookies.pcap', 'frame.number < 60'],
] as const;
const FILES = RINGS.map(([name]) => folder.path(name));
const secretsOf = (place: number): readonly string[] => {
  const path = `fixtures/${RINGS[place]?.[1].replace(/\..*/, '.secrets')}`;
  return path.includes('timed-out') || path.includes('tcp-') ? [] : ['--secrets', path];
};

/** The statements of the page, by what stands behind `sql`. */
const page = readFileSync('docs/scale.md', 'utf8');
const statements = new Map(
  [...page.matchAll(/```sql ([^\n]+)\n([^`]+)```/g)].map(([, name = '', sql = '']) => [name, sql]),
);
const sqlOf = (name: string): string => statements.get(name) ?? `no such statement: ${name}`;

/** What a command prints as JSON of each file, with the file. */
async function ownRows(...words: readonly string[]): Promise<Answer> {
  const rows: Json[] = [];
  for (const [place, file] of FILES.entries()) {
    const outcome = await running([...words, '-T', 'json', ...secretsOf(place), file]);
    for (const line of linesOf(outcome)) rows.push({ ...(JSON.parse(line) as Json), file });
  }
  return rows;
}

/** The sum, and the greatest, of what rows have, by what they are grouped by. */
function grouped(rows: Answer, key: (row: Json) => string): ReadonlyMap<string, Answer> {
  const groups = new Map<string, Json[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row]);
  return groups;
}
const sum = (rows: Answer, key: string): number => rows.reduce((total, row) => total + Number(row[key] ?? 0), 0);

/** Our own answers to the four questions. */
const own = {
  slowest: async (): Promise<Answer> => {
    const peers = (await ownRows('stats', 'handshakes')).filter(({ role }) => role === 'responder');
    return [...grouped(peers, ({ peer }) => String(peer))]
      .map(([responder, rows]) => ({
        responder,
        answered: sum(rows, 'rtt_new_ack_count'),
        slowest_us: Math.max(...rows.map((row) => Number(row.rtt_new_ack_max_us ?? -1))),
      }))
      .map((row) => (row.answered === 0 ? { ...row, slowest_us: null } : row));
  },
  'half-open': async (): Promise<Answer> => {
    const packets = await ownRows('decode');
    const times = new Map(
      packets.map(({ file, frame }) => {
        const { number, time_epoch } = frame as Json;
        return [`${file} ${number}`, Number(time_epoch)];
      }),
    );
    const handshakes = (await ownRows('handshakes')).map((row) => {
      const time = times.get(`${row.file} ${row.first}`) ?? 0;
      const isHalfOpen = ['asked', 'challenged', 'timed-out'].includes(String(row.state));
      return { ...row, minute_ns: Math.floor(time / 60) * 60e9, half_open: isHalfOpen ? 1 : 0 };
    });
    return [...grouped(handshakes, ({ minute_ns, kind }) => `${minute_ns} ${kind}`).values()].map((rows) => ({
      minute_ns: rows[0]?.minute_ns,
      kind: rows[0]?.kind,
      begun: rows.length,
      half_open: sum(rows, 'half_open'),
    }));
  },
  invalid: async (): Promise<Answer> => {
    const filter = ['cookie1', 'cookie2', 'cookie'].map((name) => `chan.${name}.status == "invalid"`).join(' || ');
    const ends = await ownRows('stats', 'endpoints', '--by', 'ip', '-Y', `(${filter}) && !icmp`);
    return [...grouped(ends, ({ address }) => String(address))]
      .map(([source, rows]) => ({ source, packets: sum(rows, 'packets_sent') }))
      .filter(({ packets }) => packets > 0);
  },
  'one-channel': async (): Promise<Answer> => {
    const channels = await ownRows('channels');
    const of = (row: Json, way: string, key: string) => Number((row[way] as Json)[key]);
    return channels
      .filter(({ initiator, id }) => initiator === '2bd806c97f0e00af1a1fc3328fa763a9' && id === '1a2b3c4d')
      .map((row) => ({
        file: row.file,
        state: row.state,
        sent: of(row, 'from_initiator', 'packets'),
        answered: of(row, 'from_responder', 'packets'),
        lost: of(row, 'from_initiator', 'lost') + of(row, 'from_responder', 'lost'),
      }));
  },
};
const QUESTIONS = Object.keys(own) as (keyof typeof own)[];

const sorted = (rows: Answer): readonly string[] =>
  rows.map(({ time_ns: _, ...row }) => JSON.stringify(Object.fromEntries(Object.entries(row).sort()))).sort();

beforeAll(async () => {
  for (const [name, fixture, filter] of RINGS) {
    if (filter === '') copyFileSync(`fixtures/${fixture}`, folder.path(name));
    else await running(['decode', `fixtures/${fixture}`, '-Y', filter, '-w', folder.path(name)]);
  }
});

describe('DuckDB, from Parquet', () => {
  const answers = new Map<string, Answer>();

  beforeAll(async () => {
    const out = folder.path('tables');
    for (const [place, file] of FILES.entries()) {
      const outcome = await running([
        'export',
        'parquet',
        '--partition',
        'day,hour',
        ...secretsOf(place),
        file,
        '-o',
        out,
      ]);
      expect(outcome).toMatchObject({ status: 0, complaints: [] });
    }
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const sql of sqlOf('duckdb tables').replaceAll("'tables/", `'${out}/`).split(';\n')) {
      if (sql.trim() !== '') await connection.run(sql);
    }
    for (const question of QUESTIONS) {
      const rows = (await connection.runAndReadAll(sqlOf(question))).getRowObjects();
      answers.set(
        question,
        rows.map((row) =>
          Object.fromEntries(
            Object.entries(row).map(([name, value]) => [name, typeof value === 'bigint' ? Number(value) : value]),
          ),
        ),
      );
    }
    connection.closeSync();
    instance.closeSync();
  });

  test.each(QUESTIONS)('%s: the answer is that of our own commands', async (question) => {
    const expected = await own[question]();
    expect(expected.length).toBeGreaterThan(1);
    expect(sorted(answers.get(question) ?? [])).toEqual(sorted(expected));
  });

  test('something was half-open, something invalid, something lost', () => {
    expect(sum(answers.get('half-open') ?? [], 'half_open')).toBeGreaterThan(3);
    expect(sum(answers.get('invalid') ?? [], 'packets')).toBeGreaterThan(8);
    const lost = (answers.get('one-channel') ?? []).map((row) => row.lost);
    expect(new Set(lost).size).toBeGreaterThan(1);
  });
});

describe.skipIf(noClickHouse)('ClickHouse, two shards, from lines of JSON', () => {
  beforeAll(async () => {
    cluster = await Cluster.start(folder.path('clickhouse'));
    const [schema, all] = [(await running(['export', 'schema', 'clickhouse'])).stdout, sqlOf('clickhouse tables')];
    for (const shard of cluster.shards) {
      await shard.query('CREATE DATABASE probe');
      for (const sql of schema.replaceAll('EXISTS ', 'EXISTS probe.').split(';\n')) {
        if (sql.trim() !== '') await shard.query(sql);
      }
    }
    for (const sql of all.split(';\n')) if (sql.trim() !== '') await cluster.shards[0]?.query(sql);
    for (const [place, file] of FILES.entries()) {
      const shard = cluster.shards[file.includes('north') ? 0 : 1];
      for (const table of TABLES) {
        const words = ['export', 'ndjson', ...secretsOf(place), '--table', table, file];
        // One goes through a pipe, as a user sends it.
        if (place === 0 && table === 'packets') pipe(words, shard?.port ?? 0);
        else await shard?.query(`INSERT INTO probe.${table} FORMAT JSONEachRow`, (await running(words)).stdout);
      }
    }
  });

  test.each(QUESTIONS)('%s: the answer is that of our own commands', async (question) => {
    const text = (await cluster?.shards[0]?.query(`${sqlOf(question)} FORMAT JSONEachRow`)) ?? '';
    const answer = text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Json);
    expect(sorted(answer)).toEqual(sorted(await own[question]()));
  });

  test('both shards have rows, and each row once', async () => {
    for (const table of TABLES) {
      const counts: number[] = [];
      for (const shard of cluster?.shards ?? [])
        counts.push(Number(await shard.query(`SELECT count(*) FROM probe.${table}`)));
      const all = Number(await cluster?.shards[0]?.query(`SELECT count(*) FROM ${table}`));
      expect(Math.min(...counts), table).toBeGreaterThan(0);
      expect(
        counts.reduce((one, other) => one + other),
        table,
      ).toBe(all);
    }
    const seen = Number(await cluster?.shards[0]?.query('SELECT count(*) FROM packets'));
    expect(seen).toBe((await ownRows('decode')).length);
    const first = await cluster?.shards[0]?.query('SELECT toString(min(time)), min(time_ns) FROM packets');
    expect(first).toBe('2026-01-02 03:04:05\t1767323045000000000\n');
  });
});

/** Sends rows by the programs of the page, through a shell. */
function pipe(words: readonly string[], port: number): void {
  const quoted = [process.execPath, PROGRAM, ...words].map((word) => `'${word}'`).join(' ');
  const client = `clickhouse-client --host 127.0.0.1 --port ${port} --database probe --input_format_skip_unknown_fields=1`;
  const insert = `${client} -q 'INSERT INTO packets FORMAT JSONEachRow'`;
  execFileSync('bash', ['-c', `set -o pipefail; ${quoted} | ${insert}`], {
    cwd: join(import.meta.dirname, '../../..'),
  });
}
