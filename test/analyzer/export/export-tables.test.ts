import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { writeCapture } from '../../../analyzer/library/capture.js';
import { handshark } from '../../built-program.js';
import { RunningProgram, textOf } from '../../running-program.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from '../commands/running.js';
import { duckRows, jsonRow, parquetFooter, parquetRows } from './read-tables.js';

const folder = makeFolder();
afterAll(() => folder.remove());

const HMAC = 'fixtures/handshake-hmac.pcap';
/** The files below a folder. */
const filesIn = (path: string): readonly string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(path.length + 1))
    .sort();
const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

test('a file tells from what, by whom and how it was made', async () => {
  const out = folder.path('metadata');
  await running(['export', 'parquet', HMAC, '-o', out]);
  const [file = ''] = filesIn(`${out}/packets`);
  expect(file).toBe(`handshake-hmac.pcap-${digestOf(HMAC).slice(0, 12)}.parquet`);
  const { key_value_metadata: told = [], created_by } = parquetFooter(`${out}/packets/${file}`);
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
  expect(created_by).toBe(`handshark version ${version}`);
  expect(Object.fromEntries(told.map(({ key, value }) => [key, value]))).toEqual({
    'handshark.version': version,
    'handshark.command': expect.stringMatching(/^handshark/),
    'handshark.table': 'packets',
    'handshark.capture.sha256': digestOf(HMAC),
  });
  // The same again takes the same place.
  await running(['export', 'parquet', HMAC, '-o', out]);
  expect(filesIn(`${out}/packets`)).toEqual([file]);
});

test('rows lie in folders by their time, as Hive has them', async () => {
  const hour = 1_767_322_800; // 2026-01-02T03:00:00Z
  const bytes = new Uint8Array(60);
  const times = [hour - 1, hour, hour + 3599, hour - 1800, hour + 86_400, hour + 3600];
  const path = folder.path('days.pcap');
  await writeCapture(
    path,
    times.map((seconds) => ({ time: BigInt(seconds) * 1_000_000_000n, bytes, originalLength: 60, linkType: 1 })),
  );
  const out = folder.path('days');
  const outcome = await running([
    'export',
    'parquet',
    '--table',
    'packets',
    '--partition',
    'day,hour',
    path,
    '-o',
    out,
  ]);
  expect(outcome).toMatchObject({ status: 0, complaints: [] });
  const name = `days.pcap-${digestOf(path).slice(0, 12)}.parquet`;
  expect(filesIn(`${out}/packets`)).toEqual([
    `day=2026-01-02/hour=02/${name}`,
    `day=2026-01-02/hour=03/${name}`,
    `day=2026-01-02/hour=04/${name}`,
    `day=2026-01-03/hour=03/${name}`,
  ]);
  const rows = await duckRows(
    `SELECT "day", "hour", list("frame.number" ORDER BY "frame.number")::VARCHAR AS frames
     FROM read_parquet('${out}/packets/**/*.parquet', hive_types = {'day': VARCHAR, 'hour': VARCHAR})
     GROUP BY ALL ORDER BY ALL`,
  );
  expect(rows).toEqual([
    { day: '2026-01-02', hour: '02', frames: '[1, 4]' },
    { day: '2026-01-02', hour: '03', frames: '[2, 3]' },
    { day: '2026-01-02', hour: '04', frames: '[6]' },
    { day: '2026-01-03', hour: '03', frames: '[5]' },
  ]);
});

test('a table without rows is a file all the same', async () => {
  const out = folder.path('empty');
  await running(['export', 'parquet', 'fixtures/empty.pcap', '-o', out]);
  for (const table of ['packets', 'messages', 'channels', 'handshakes', 'findings']) {
    const [file = ''] = filesIn(`${out}/${table}`);
    expect(await parquetRows(`${out}/${table}/${file}`)).toEqual([]);
  }
});

test('a filter takes packets, and the channels and handshakes that they touch', async () => {
  const out = folder.path('filtered');
  const filter = 'chan.msg.type == CHANNEL_CLOSE && channel.number == 2';
  await running(['export', 'ndjson', 'fixtures/demo.pcapng', '-Y', filter, '-o', out]);
  const rows = (table: string) =>
    readFileSync(`${out}/${table}/${filesIn(`${out}/${table}`)[0]}`, 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(jsonRow);
  const printed = linesOf(await running(['decode', 'fixtures/demo.pcapng', '-Y', filter, '-e', 'frame.number']));
  expect(printed.length).toBeGreaterThan(0);
  expect(rows('packets').map((row) => `${row['frame.number']}`)).toEqual(printed);
  expect(rows('channels')).toMatchObject([{ 'channel.number': 2, 'frame.number': 13 }]);
});

describe('several captures', () => {
  test('are read as one, each packet with its file; one that cannot be read is told of', async () => {
    const out = folder.path('several');
    const missing = folder.path('missing.pcap');
    const words = [HMAC, missing, 'fixtures/dns.pcap'];
    const { complaints, status } = await running(['export', 'parquet', ...words, '-o', out, '--table', 'packets']);
    expect([complaints, status]).toEqual([[`cannot read: ${missing}: no such file`], 1]);
    const rows = await duckRows(
      `SELECT "frame.file" AS file, "frame.number" AS number FROM '${out}/packets/*.parquet' ORDER BY number`,
    );
    const printed = linesOf(await running(['decode', ...words, '-e', 'frame.file', '-e', 'frame.number']));
    expect(rows.map(({ file, number }) => `${file}\t${number}`)).toEqual(printed);
    expect(new Set(rows.map(({ file }) => file))).toEqual(new Set([HMAC, 'fixtures/dns.pcap']));
  });

  test('have one name with a digest of all', async () => {
    const out = folder.path('together');
    const both = [HMAC, 'fixtures/dns.pcap'];
    await running(['export', 'parquet', ...both, '-o', out, '--table', 'channels']);
    const digests = both.map(digestOf).join();
    const name = createHash('sha256').update(digests).digest('hex').slice(0, 12);
    expect(filesIn(`${out}/channels`)).toEqual([`handshake-hmac.pcap+1-${name}.parquet`]);
    const told = parquetFooter(`${out}/channels/handshake-hmac.pcap+1-${name}.parquet`).key_value_metadata;
    expect(told).toContainEqual({ key: 'handshark.capture.sha256', value: digests });
  });
});

describe('what goes wrong', () => {
  test.each(['cut-record.pcap', 'corrupt-record.pcap', 'cut-compressed.pcap.gz'])(
    '%s: all that can be read is in the tables',
    async (name) => {
      const out = folder.path(name);
      const { complaints, status } = await running(['export', 'parquet', `fixtures/${name}`, '-o', out]);
      expect(complaints).toEqual([expect.stringMatching(/^damaged capture: .*; \d+ packets came before it$/)]);
      expect(status).toBe(1);
      const [file = ''] = filesIn(`${out}/packets`);
      const count = Number(/(\d+) packets came/.exec(complaints[0] ?? '')?.[1]);
      expect(await parquetRows(`${out}/packets/${file}`)).toHaveLength(count);
    },
  );

  test('a wrong folder is told of in one line, before anything is read', async () => {
    const file = folder.write('file', '');
    for (const out of [file, `${file}/tables`]) {
      const { complaints, status } = await running(['export', 'parquet', folder.path('none.pcap'), '-o', out]);
      expect(complaints).toHaveLength(1);
      expect(complaints[0]).toMatch(/^cannot write: .*file\/.*: /);
      expect(status).toBe(1);
    }
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  test('on a full disk nothing half-written keeps a name', async () => {
    const disk = folder.path('disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', disk]);
    try {
      const { complaints, status } = await running(['export', 'parquet', 'fixtures/demo.pcapng', HMAC, '-o', disk]);
      expect(complaints).toEqual([expect.stringMatching(/^cannot write: .*: no space left on the device$/)]);
      expect(status).toBe(1);
      for (const file of filesIn(disk)) {
        expect(file).toMatch(/\.parquet$/);
        await parquetRows(`${disk}/${file}`);
      }
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test.each([
    [['export', 'parquet', HMAC], /output/],
    [['export', 'parquet', HMAC, '-o', 'x', '--partition', 'hour'], /^--partition: hour: expected day or day,hour$/],
    [['export', 'ndjson', HMAC, '--partition', 'day'], /^--partition: day: goes with a folder, -o DIR$/],
    [['export', 'ndjson', HMAC, '--table', 'packets', '--table', 'channels'], /standard output takes one table/],
    [['export', 'ndjson', HMAC, '--no-track', '--table', 'channels'], /^--no-track: /],
    [['export', 'ndjson', HMAC, '-e', 'ip.sorc'], /^-e: ip\.sorc: no such field; did you mean ip\.src\?$/],
    [['export', 'ndjson', HMAC, '-e', 'ip.addr'], /^-e: ip\.addr: it stands for ip\.src and ip\.dst: name those$/],
    [['export', 'ndjson', '-', '-'], /^-: standard input can be read only once$/],
    [['export', 'ndjson', HMAC, '--table', 'packet'], /packets, messages/],
    [['export', 'schema', 'oracle'], /duckdb, clickhouse, spark/],
    [['export', 'parque'], /parque/],
  ])('%j is refused', async (words, why) => {
    const { complaints, status, stdout } = await running(words);
    expect(complaints).toEqual([expect.stringMatching(why)]);
    expect([status, stdout]).toEqual([2, '']);
  });
});

describe('the program', () => {
  test('takes standard input, and tells its digest', async () => {
    const out = folder.path('piped');
    const bytes = readFileSync(HMAC);
    const run = await new RunningProgram(handshark('export', 'parquet', '-', '-o', out), bytes).ended();
    expect([run.status, run.err]).toEqual([0, '']);
    const [file = ''] = filesIn(`${out}/packets`);
    expect(file).toMatch(/^stdin-[0-9a-f]{12}\.parquet$/);
    const told = parquetFooter(`${out}/packets/${file}`).key_value_metadata ?? [];
    expect(told).toContainEqual({ key: 'handshark.capture.sha256', value: digestOf(HMAC) });
    expect(told).toContainEqual({ key: 'handshark.command', value: `handshark export parquet - -o ${out}` });
    expect((await parquetRows(`${out}/packets/${file}`))[0]).toMatchObject({ 'frame.file': '-', 'frame.number': 1 });
  });

  test('prints rows as they come, and ends quietly with its reader', async () => {
    const bytes = readFileSync(HMAC);
    const program = new RunningProgram(handshark('export', 'ndjson', '-'));
    program.child.stdin.write(bytes);
    await program.wrote('"frame.number":9');
    program.child.stdin.end();
    const run = await program.ended();
    expect(run.status).toBe(0);
    expect(textOf(run).split('\n').slice(0, -1).map(jsonRow)).toEqual(
      linesOf(await running(['export', 'ndjson', HMAC])).map((line) => ({ ...jsonRow(line), 'frame.file': '-' })),
    );
    const head = new RunningProgram(
      ['bash', '-c', '"$@" | head -1', 'bash', ...handshark('export', 'ndjson', HMAC)],
      '',
    );
    expect((await head.ended()).err).toBe('');
  });

  test('leaves no file with a name when it is ended', async () => {
    const out = folder.path('ended');
    const program = new RunningProgram(handshark('export', 'parquet', '-', '-o', out));
    program.child.stdin.write(readFileSync(HMAC).subarray(0, 2000));
    // The folders are made before the first packet is read.
    while (!existsSync(`${out}/findings`)) await new Promise((resolve) => setTimeout(resolve, 20));
    await program.stop('SIGKILL');
    expect(filesIn(out).filter((file) => file.endsWith('.parquet'))).toEqual([]);
  });
});

describe('schemas', () => {
  test('DuckDB takes the files and the lines into tables as they are declared', async () => {
    const out = folder.path('declared');
    await running(['export', 'parquet', HMAC, '-o', out, '-e', 'ip.id']);
    await running(['export', 'ndjson', HMAC, '-o', out, '-e', 'ip.id']);
    const { stdout } = await running(['export', 'schema', 'duckdb', '-o', out, '-e', 'ip.id']);
    const script = stdout.replaceAll(/^-- /gm, '');
    const counts = await duckRows(
      script,
      `SELECT count(*) AS "all", count(DISTINCT packets) AS different FROM packets`,
    );
    const packets = linesOf(await running(['decode', HMAC])).length;
    expect(counts).toEqual([{ all: 2 * packets, different: packets }]);
  });

  test('Spark has the folders of partitions as columns', async () => {
    const { stdout } = await running(['export', 'schema', 'spark', '--table', 'findings', '--partition', 'day,hour']);
    expect(stdout).toContain('`expert.code` STRING COMMENT');
    expect(stdout).toContain('`hour` STRING\n) USING parquet\nPARTITIONED BY (`day`, `hour`)');
    expect(stdout).toContain("LOCATION 'tables/findings';\nMSCK REPAIR TABLE findings;\n");
  });
});
