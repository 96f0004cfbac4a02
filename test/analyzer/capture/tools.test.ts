import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { openCaptureWriter } from '../../../analyzer/capture/capture-writer.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import * as pcapng from '../../../dissectors/file/pcapng-writer.js';
import { has, makeFolder, type Row, readCapture, rowsOf } from './files.js';

/** What other programs say of the same files. */

const folder = makeFolder();
afterAll(folder.remove);

/** UDP from 10.0.0.1 to 10.0.0.2, so that every program knows what it is looking at. */
const frame = (number: number): Buffer => {
  const payload = 'ab'.repeat(number % 60);
  const length = (value: number) => value.toString(16).padStart(4, '0');
  const size = payload.length / 2;
  return Buffer.from(
    `020000000001 020000000002 0800 4500${length(28 + size)}000000004011 0000 0a000001 0a000002 10921092${length(8 + size)}0000${payload}`.replaceAll(
      ' ',
      '',
    ),
    'hex',
  );
};
const record = (number: number) => ({
  seconds: 1_700_000_000 + number,
  nanos: (number * 1_234_567) % 1_000_000_000,
  bytes: frame(number),
  wire: frame(number).length + (number % 3),
});
const RECORDS = Array.from({ length: 100 }, (_, number) => record(number));

const NANO = folder.write(
  'nano.pcap',
  Buffer.concat([pcapFileHeader({ linkType: 1, nanoseconds: true }), ...RECORDS.map((each) => pcapRecord(each, true))]),
);

const run = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 });

/** Time, length on the wire and captured length of each packet, as tshark tells them. */
function tsharkRows(path: string): string[] {
  const fields = ['frame.time_epoch', 'frame.len', 'frame.cap_len'].flatMap((name) => ['-e', name]);
  return run('tshark', ['-n', '-r', path, '-T', 'fields', ...fields])
    .split('\n')
    .filter(Boolean);
}

const ours = (rows: readonly Row[]): string[] =>
  rows.map(
    ([, , bytes, wire, seconds, nanos]) => `${seconds}.${String(nanos).padStart(9, '0')}\t${wire}\t${bytes.length / 2}`,
  );

describe.skipIf(!has('tshark') || !has('editcap'))(
  'as tshark reads it (skipped if tshark or editcap is not installed)',
  () => {
    test.each(['pcap', 'nsecpcap', 'modpcap', 'pcapng', 'rh6_1pcap', 'suse6_3pcap', 'nokiapcap'])(
      'editcap -F %s',
      async (format) => {
        const path = folder.path(`edited.${format}`);
        run('editcap', ['-F', format, NANO, path]);
        const { rows, damage } = await readCapture(path);
        expect(rows).toHaveLength(100);
        expect(ours(rows)).toEqual(tsharkRows(path));
        expect(rows.map(([, , bytes]) => bytes)).toEqual(RECORDS.map(({ bytes }) => bytes.toString('hex')));
        expect(damage).toBeUndefined();
      },
    );

    test('packets cut to a snap length, with comments', async () => {
      const path = folder.path('cut.pcapng');
      run('editcap', ['-s', '40', '-a', '3:a comment', '--capture-comment', 'all of it', NANO, path]);
      const capture = await openCapture(path);
      expect(ours(await rowsOf(capture))).toEqual(tsharkRows(path));
      await capture.close();
      expect([...capture.log.comments]).toEqual([[3, ['a comment']]]);
      expect(capture.log.events[0]).toMatchObject({ type: 'section', comments: ['all of it'] });
    });

    test('a file with secrets of other programs', async () => {
      const keys = folder.write('keys', 'CLIENT_RANDOM 00 11\n');
      const path = folder.path('tls.pcapng');
      run('editcap', ['--inject-secrets', `tls,${keys}`, NANO, path]);
      const capture = await openCapture(path);
      expect(await rowsOf(capture)).toHaveLength(100);
      await capture.close();
      expect(capture.log.events).toContainEqual({
        type: 'secrets',
        kind: 0x544c534b,
        bytes: new Uint8Array(readFileSync(keys)),
      });
    });

    test.skipIf(!has('mergecap'))('several interfaces, merged (skipped if mergecap is not installed)', async () => {
      const raw = folder.write(
        'raw.pcap',
        Buffer.concat([
          pcapFileHeader({ linkType: 101 }),
          ...RECORDS.map((each) => pcapRecord({ ...each, bytes: each.bytes.subarray(14) })),
        ]),
      );
      const path = folder.path('merged.pcapng');
      run('mergecap', ['-w', path, NANO, raw]);
      const capture = await openCapture(path);
      const rows = await rowsOf(capture);
      await capture.close();
      expect(rows).toHaveLength(200);
      expect(ours(rows)).toEqual(tsharkRows(path));
      expect(capture.interfaces.map(({ linkType }) => linkType)).toEqual([1, 101]);
    });

    test.each(['copy.pcapng', 'copy.pcap'])('what we write, tshark reads: %s', async (name) => {
      const path = folder.path(name);
      const input = await openCapture(NANO);
      const writer = await openCaptureWriter(path, { inputs: [NANO] });
      for await (const { view, records } of input.batches()) {
        for (let row = 0; row < records.count; row++) {
          const from = input.interfaces[records.interfaceId[row] ?? 0];
          if (from === undefined) continue;
          const at = view.byteOffset + (records.at[row] ?? 0);
          const bytes = new Uint8Array(view.buffer, at, records.captured[row]);
          const time = { seconds: records.seconds[row] ?? 0, nanos: records.nanos[row] ?? 0 };
          await writer.packet({ from, bytes, wire: records.wire[row] ?? 0, ...time });
        }
      }
      await writer.close();
      await input.close();
      expect(tsharkRows(path)).toEqual(tsharkRows(NANO));
    });

    test('what we write besides packets, tshark reads', () => {
      const path = folder.write(
        'extras.pcapng',
        Buffer.concat([
          pcapng.sectionHeader({ comments: ['of all'] }),
          pcapng.interfaceDescription({ linkType: 1, name: 'eth7', filter: 'udp', offset: -100 }),
          pcapng.decryptionSecrets('PEER_SECRET * 00\n'),
          pcapng.nameResolution([{ kind: 'ipv4', address: Uint8Array.of(10, 0, 0, 1), names: ['alpha.example'] }]),
          pcapng.enhancedPacket({ interfaceId: 0, ...record(7), comments: ['one', 'two'] }),
          pcapng.interfaceStatistics({ interfaceId: 0, seconds: 0, nanos: 0, received: 5, dropped: 1 }),
        ]),
      );
      const fields = ['frame.interface_name', 'frame.comment', 'frame.time_epoch', 'ip.src_host'];
      const args = ['-Nn', '-r', path, '-T', 'fields', ...fields.flatMap((name) => ['-e', name])];
      expect(run('tshark', args)).toBe('eth7\tone,two\t1699999907.008641969\talpha.example\n');
    });
  },
);

describe.skipIf(!has('capinfos'))('as capinfos reads it (skipped if capinfos is not installed)', () => {
  test('counts, and when the first and last packet were', async () => {
    const { rows } = await readCapture(NANO);
    // Tab-separated without header: name, packets, first and last time as seconds.
    const [, packets, first, last] = run('capinfos', ['-T', '-r', '-c', '-a', '-e', '-S', '-M', NANO])
      .trim()
      .split('\t');
    expect(Number(packets)).toBe(rows.length);
    const time = (row: Row | undefined) => Number(row?.[4]) + Number(row?.[5]) / 1e9;
    expect(Number(first)).toBeCloseTo(time(rows[0]), 6);
    expect(Number(last)).toBeCloseTo(time(rows.at(-1)), 6);
  });
});

describe.skipIf(!has('gzip'))('compressed by gzip (skipped if gzip is not installed)', () => {
  test.each(['-1', '-9'])('gzip %s', async (level) => {
    const path = folder.write(`gzip${level}`, execFileSync('gzip', [level, '-c', NANO]));
    expect(await readCapture(path)).toMatchObject({ compression: 'gzip', rows: (await readCapture(NANO)).rows });
  });
});

describe.skipIf(!has('zstd'))('compressed by zstd (skipped if zstd is not installed)', () => {
  const zstd = (...args: readonly string[]) =>
    execFileSync('zstd', ['-q', '-c', ...args, NANO], { stdio: ['ignore', 'pipe', 'ignore'] });

  test.each([['-1'], ['-19'], ['--ultra', '-22'], ['--long=27'], ['--no-check']])('zstd %s', async (...args) => {
    const path = folder.write(`zstd${args.join('')}`, zstd(...args));
    const { rows } = await readCapture(NANO);
    expect(await readCapture(path)).toEqual({ rows, damage: undefined, format: 'pcap', compression: 'zstd' });
    const twoFrames = Buffer.concat([
      execFileSync('zstd', ['-q', '-c', folder.write('one', readFileSync(NANO).subarray(0, 999))]),
      execFileSync('zstd', ['-q', '-c', folder.write('two', readFileSync(NANO).subarray(999))]),
    ]);
    expect(await readCapture(folder.write('frames', twoFrames))).toMatchObject({ rows, damage: undefined });
  });

  test('any flipped byte is noticed', async () => {
    const whole = zstd('-3');
    for (let at = 12; at < whole.length; at += 41) {
      const bad = Buffer.from(whole);
      bad[at] = (bad[at] ?? 0) ^ 0x10;
      const found = await readCapture(folder.write('flipped', bad)).catch((error: unknown) => ({
        rows: [],
        damage: error,
      }));
      expect(found.damage).toBeDefined();
    }
  });
});
