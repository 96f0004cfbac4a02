import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TABLES, type TableName } from '../../../analyzer/export/tables/table-names.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import { CAPTURES, expectedPath, plainName } from '../../golden/golden.js';
import { makeFolder } from '../capture/files.js';
import { linesOf, running } from '../commands/running.js';
import { duckRows, jsonRow, parquetRows, type Row } from './read-tables.js';

type Json = Readonly<Record<string, unknown>>;

const folder = makeFolder();
afterAll(() => folder.remove());
const parquet = folder.path('parquet');

/** The words that name a fixture, with its secrets if it has any. */
const SECRETS: ReadonlySet<string> = new Set(readdirSync('fixtures'));
function named(capture: string): readonly string[] {
  const secrets = `${plainName(capture)}.secrets`;
  return [`fixtures/${capture}`, ...(SECRETS.has(secrets) ? ['--secrets', `fixtures/${secrets}`] : [])];
}

/** What the program prints of a fixture, as it is committed: an object a line, without what it says of damage. */
const expectedOf = (capture: string, kind: string): readonly Json[] =>
  readFileSync(expectedPath(capture, kind), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Json);

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value.flatMap(listOf) : value === undefined ? [] : [value];
const objectsOf = (value: unknown): readonly Json[] =>
  listOf(value).filter((one): one is Json => typeof one === 'object' && one !== null);

/** The first value of a member of an object, or of a list of such. */
function firstOf(value: unknown, key: string): unknown {
  for (const object of objectsOf(value)) {
    const [found] = listOf(object[key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

const withoutAbsent = (row: Json): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));

/** The times of a row, from the epoch time that JSON has, in both forms; none of a time that 64 bits cannot hold. */
function times(frame: Json | undefined): Row {
  const text = String(frame?.time_epoch);
  const isNegative = text.startsWith('-');
  const [seconds = '', nanos = ''] = text.replace('-', '').split('.');
  const whole = BigInt(Number(seconds)) * 1_000_000_000n + BigInt(nanos);
  if (Number(seconds) >= 9_223_372_036) return {};
  const ns = isNegative ? -whole : whole;
  const floored = ns / 1000n - (ns < 0n && ns % 1000n !== 0n ? 1n : 0n);
  return { time: `${floored}`, time_ns: `${ns}` };
}

const capsOf = (message: Json): Json => objectsOf(message.caps)[0] ?? {};

/** What the packets of a fixture are in its JSON. */
class Expected {
  readonly file: string;
  readonly packets: readonly Json[];
  readonly flows: ReadonlyMap<unknown, unknown>;

  constructor(capture: string, rows: readonly Row[]) {
    this.file = `fixtures/${capture}`;
    this.packets = expectedOf(capture, 'json');
    // JSON does not have them: another test compares them with tshark.
    this.flows = new Map(rows.map((row) => [row['frame.number'], row.communityid]));
  }

  frame(number: unknown): Json | undefined {
    return objectsOf(this.packets[Number(number) - 1]?.frame)[0];
  }

  base(number: unknown, channel: unknown): Json {
    const frame = this.frame(number);
    return {
      'frame.file': this.file,
      'frame.number': number,
      ...times(frame),
      'frame.interface_name': frame?.interface_name,
      communityid: this.flows.get(number),
      'channel.number': channel,
    };
  }

  packetRows(): readonly Row[] {
    return this.packets.map((packet) => {
      const [frame] = objectsOf(packet.frame);
      const [message] = objectsOf(packet.chan).flatMap(({ messages }) => objectsOf(messages));
      const value = (path: string): unknown => {
        const [head = '', ...rest] = path.split('.');
        return firstOf(OF_SEVERAL.has(head) ? objectsOf(packet[head])[0] : packet[head], rest.join('.'));
      };
      const same = (...paths: readonly string[]) => Object.fromEntries(paths.map((path) => [path, value(path)]));
      return withoutAbsent({
        ...this.base(frame?.number, value('channel.number')),
        'frame.protocols': listOf(packet.layers).join(':'),
        ...same('frame.len', 'frame.cap_len', 'channel.id', 'channel.state', 'channel.mode'),
        ...same('handshake.number', 'handshake.kind', 'handshake.state'),
        'handshake.cookie.status': value('handshake.cookie_status'),
        'handshake.proof.status': value('handshake.proof_status'),
        ...same('expert.severity', 'expert.code', 'eth.src', 'eth.dst', 'vlan.id', 'ip.src', 'ip.dst', 'ip.ttl'),
        ...same('ipv6.src', 'ipv6.dst', 'ipv6.hlim', 'udp.srcport', 'udp.dstport', 'tcp.srcport', 'tcp.dstport'),
        ...same('tcp.flags', 'tcp.seq_raw', 'tcp.ack_raw', 'tcp.len', 'sctp.srcport', 'sctp.dstport'),
        ...same('icmp.type', 'icmp.code', 'icmpv6.type', 'icmpv6.code', 'chan.dialect', 'chan.sender'),
        ...same('chan.recipient', 'chan.id', 'chan.sequence', 'chan.payload_size'),
        'chan.checksum.status': value('chan.checksum_status'),
        'chan.msg.type': message && typeOf(message),
      });
    });
  }

  messageRows(): readonly Row[] {
    return this.packets.flatMap((packet) => {
      const [frame] = objectsOf(packet.frame);
      let count = 0;
      return objectsOf(packet.chan).flatMap((chan) =>
        // What an error quotes was sent in another packet.
        (isQuoted(packet) ? [] : objectsOf(chan.messages)).map((message) => {
          const channel = this.channelOf(packet, chan, message);
          const caps = capsOf(message);
          return withoutAbsent({
            ...this.base(frame?.number, channel?.number),
            ...Object.fromEntries(ADDRESSES.map(([head, key]) => [`${head}.${key}`, firstOf(packet[head], key)])),
            'channel.id': channel?.id,
            'channel.state': channel?.state,
            'chan.dialect': chan.dialect,
            'chan.sender': chan.sender,
            'chan.recipient': chan.recipient,
            'chan.id': chan.id,
            'chan.sequence': chan.sequence,
            'chan.msg.number': ++count,
            'chan.msg.type': typeOf(message),
            'chan.msg.id': message.id,
            'chan.msg.stop': message.stop,
            'chan.caps.mode': caps.mode,
            'chan.caps': caps.bits,
            'chan.caps.resend': caps.resend,
            'chan.caps.ordered': caps.ordered,
            'chan.caps.close_on_loss': caps.close_on_loss,
            ...Object.fromEntries(FIELDS.map((key) => [`chan.${key}`, message[key]])),
            ...Object.fromEntries(COOKIES.map((key) => [`chan.${key}.status`, message[`${key}_status`]])),
          });
        }),
      );
    });
  }

  /** The tracked channel that a message is about: where there are several, the one that its ids name. */
  channelOf(packet: Json, chan: Json, message: Json): Json | undefined {
    const channels = objectsOf(packet.channel);
    if (channels.length < 2) return channels[0];
    const id = String(message.id ?? chan.id);
    const half = String(message.c1 ?? id.slice(0, 4));
    return channels.find((one) => one.id === id) ?? channels.find((one) => String(one.id).startsWith(half));
  }

  findingRows(): readonly Row[] {
    return this.packets.flatMap((packet) => {
      const [frame] = objectsOf(packet.frame);
      return objectsOf(packet.expert).map(({ severity, group, code, text }) =>
        withoutAbsent({
          ...this.base(frame?.number, firstOf(packet.channel, 'number')),
          'expert.severity': severity,
          'expert.group': group,
          'expert.code': code,
          'expert.text': text,
        }),
      );
    });
  }
}

/** Of what a packet may touch several of, all columns are about the first. */
const OF_SEVERAL: ReadonlySet<string> = new Set(['channel', 'handshake', 'expert']);

/** Whether the channel packets of a packet are quoted by an error. */
function isQuoted({ layers }: Json): boolean {
  const names = listOf(layers);
  return names.some((name, place) => String(name).startsWith('icmp') && place < names.indexOf('chan'));
}

const ADDRESSES = ['ip', 'ipv6'].flatMap((head) => ['src', 'dst'].map((key) => [head, key] as const));
const COOKIES = ['cookie1', 'cookie2', 'cookie'];
const FIELDS = [...COOKIES, 'c1', 's1', 's2', 'ack', 'reason', 'length', 'next', 'received', 'window'];
const typeOf = ({ type, code }: Json): unknown => (type === 'UNKNOWN' ? `${code}` : type);

/** A channel or a handshake of the JSON under the names of the columns. */
function flattened(prefix: string, object: Json, names: Readonly<Record<string, string>>): Json {
  return Object.fromEntries(
    Object.entries(object).flatMap(([key, value]) => {
      const name = `${prefix}.${names[key] ?? key}`;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
      return Object.entries(value as Json).map(([inner, one]) => [`${name}.${inner}`, one]);
    }),
  );
}

function channelRows(capture: string, expected: Expected): readonly Json[] {
  return expectedOf(capture, 'channels').map(({ first, caps, ...channel }) => ({
    ...expected.base(first, channel.number),
    ...flattened('channel', channel, { cookie1_status: 'cookie1.status', cookie2_status: 'cookie2.status' }),
    'channel.caps': objectsOf(caps)[0]?.bits,
  }));
}

function handshakeRows(capture: string, expected: Expected): readonly Json[] {
  const names = { state: 'outcome', cookie_status: 'cookie.status', proof_status: 'proof.status' };
  return expectedOf(capture, 'handshakes').map((handshake) => {
    const { first, channel, evidence, packets: _, messages, messages_left_out: left = 0, details, ...rest } = handshake;
    return {
      ...expected.base(first, channel),
      ...flattened('handshake', rest, names),
      'handshake.evidence': evidence === undefined ? undefined : listOf(evidence).join('; '),
      'handshake.messages': listOf(messages).length + Number(left),
      'handshake.details': details === undefined ? undefined : JSON.stringify(details),
    };
  });
}

/** The rows of every table of every fixture, as hyparquet reads them. */
const tables = new Map<string, ReadonlyMap<TableName, readonly Row[]>>();
const rowsOf = (capture: string, table: TableName): readonly Row[] => tables.get(capture)?.get(table) ?? [];

/** Some thousand files are written and read back: a busy machine takes long. */
const PATIENCE_MS = 300_000;

beforeAll(async () => {
  for (const capture of CAPTURES) {
    const out = join(parquet, capture);
    await running(['export', 'parquet', ...named(capture), '-o', out]);
    const read = TABLES.map(async (table): Promise<readonly [TableName, readonly Row[]]> => {
      const files = readdirSync(join(out, table));
      expect(files).toEqual([expect.stringMatching(/^[^.].*-[0-9a-f]{12}\.parquet$/)]);
      return [table, await parquetRows(join(out, table, files[0] ?? ''))];
    });
    tables.set(capture, new Map(await Promise.all(read)));
  }
}, PATIENCE_MS);

describe('every fixture', { timeout: PATIENCE_MS }, () => {
  test('has its packets, messages and findings as JSON has them', () => {
    let packets = 0;
    for (const capture of CAPTURES) {
      const expected = new Expected(capture, rowsOf(capture, 'packets'));
      expect(rowsOf(capture, 'packets'), capture).toEqual(expected.packetRows());
      expect(rowsOf(capture, 'messages'), capture).toEqual(expected.messageRows());
      expect(rowsOf(capture, 'findings'), capture).toEqual(expected.findingRows());
      packets += expected.packets.length;
    }
    expect(packets).toBeGreaterThan(2000);
  });

  test('has its channels and handshakes as JSON has them', () => {
    // How long they took stands nowhere in JSON.
    const without = ({ 'channel.duration_us': _, 'handshake.duration_us': __, ...row }: Row) => row;
    for (const capture of CAPTURES) {
      const expected = new Expected(capture, rowsOf(capture, 'packets'));
      const rows = (table: TableName) => rowsOf(capture, table).map(without);
      expect(rows('channels'), capture).toEqual(channelRows(capture, expected).map(withoutAbsent));
      expect(rows('handshakes'), capture).toEqual(handshakeRows(capture, expected).map(withoutAbsent));
    }
  });

  test.each(TABLES)('DuckDB reads the same %s', async (table) => {
    const found = await duckRows(
      `SELECT * FROM read_parquet('${parquet}/*/${table}/*.parquet', filename = false) ORDER BY "frame.file", "frame.number"`,
    );
    const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(row)).sort();
    const all = CAPTURES.flatMap((capture) => rowsOf(capture, table));
    expect(sorted(found)).toEqual(sorted(all));
  });

  test.each(['demo.pcapng', 'tls.pcap', 'wireguard.pcap'])('%s is the same as lines of JSON', async (capture) => {
    const out = folder.path('ndjson');
    await running(['export', 'ndjson', ...named(capture), '-o', join(out, capture)]);
    for (const table of TABLES) {
      const [file = ''] = readdirSync(join(out, capture, table));
      const lines = readFileSync(join(out, capture, table, file), 'utf8')
        .split('\n')
        .slice(0, -1);
      expect(lines.map(jsonRow), table).toEqual(rowsOf(capture, table));
    }
  });

  test('has any field as a column that is asked for', async () => {
    // What JSON has in another shape: channel packets, and what is only worked out for filters.
    const heads = /^(?:frame|chan|channel|handshake|expert)\./;
    const fields = [...knownFields().keys()].filter((name) => !heads.test(name));
    const seen = new Set<string>();
    for (const capture of CAPTURES) {
      const packets = expectedOf(capture, 'json');
      const values = packets.map((packet) =>
        fields.flatMap((name) => {
          const [head = '', ...rest] = name.split('.');
          const value = packet[head] === undefined ? undefined : firstOf(packet[head], rest.join('.'));
          return value === undefined ? [] : [[name, value] as const];
        }),
      );
      const names = new Set(values.flat().map(([name]) => name));
      // A capture without a field that is new shows nothing that others do not.
      if ([...names].every((name) => seen.has(name))) continue;
      const words = [...names].filter((name) => !seen.has(name)).flatMap((name) => ['-e', name]);
      const rows = linesOf(await running(['export', 'ndjson', ...named(capture), ...words])).map(jsonRow);
      const common = rowsOf(capture, 'packets');
      expect(rows).toHaveLength(common.length);
      for (const [place, expected] of values.entries()) {
        const row = rows[place] ?? {};
        // All columns that the files have as well.
        expect(row, `${capture} ${place + 1}`).toMatchObject(common[place] ?? {});
        const isNew = ([name]: readonly [string, unknown]): boolean => !seen.has(name);
        const found = [...names].flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]] as const]));
        expect(Object.fromEntries(found.filter(isNew)), `${capture} ${place + 1}`).toEqual(
          Object.fromEntries(expected.filter(isNew)),
        );
      }
      for (const name of names) seen.add(name);
    }
    expect(seen.size).toBeGreaterThan(400);
  });
});
