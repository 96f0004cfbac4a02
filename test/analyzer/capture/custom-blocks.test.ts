import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { build, raw } from '../../../crafter/part.js';
import {
  customBlock,
  enhancedPacket,
  interfaceDescription,
  sectionHeader,
} from '../../../dissectors/file/pcapng-writer.js';
import { running } from '../commands/running.js';
import { makeFolder, rowsOf } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

/** The number of an enterprise, for examples. */
const EXAMPLE = 32_473;
/** A block that looks like a channel packet: it was sent by nobody, so it is none. */
const LOOKS_SENT = new Uint8Array(Buffer.from(`99838caa${'00'.repeat(100)}`, 'hex'));

const packet = (number: number) =>
  enhancedPacket({
    interfaceId: 0,
    seconds: number,
    nanos: 5,
    bytes: build(raw(new Uint8Array(20).fill(number))),
    wire: 20,
  });

/** An entry of a systemd journal: a block of type 9. */
function journal(text: string): Uint8Array {
  const body = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4, '\0'));
  const block = Buffer.alloc(12 + body.length);
  block.writeUInt32LE(9, 0);
  block.writeUInt32LE(block.length, 4);
  block.set(body, 8);
  block.writeUInt32LE(block.length, block.length - 4);
  return block;
}

const path = folder.path('custom.pcapng');
beforeAll(() => {
  const blocks = [
    sectionHeader(),
    interfaceDescription({ linkType: 147 }),
    customBlock(EXAMPLE, Uint8Array.of(1, 2, 3, 4), true),
    packet(7),
    customBlock(EXAMPLE, LOOKS_SENT, false),
    journal('__REALTIME_TIMESTAMP=1\n\n'),
    packet(8),
    customBlock(EXAMPLE, new Uint8Array(0), true),
  ];
  writeFileSync(path, Buffer.concat(blocks));
});

const FIELDS = ['-e', 'frame.number', '-e', 'frame.len', '-e', 'frame.cap_len'];
const COUNT = '--count-custom-blocks';

describe('custom blocks', () => {
  test('have no numbers unless they are counted', async () => {
    expect((await running(['decode', ...FIELDS, path])).stdout).toBe('1\t20\t20\n2\t20\t20\n');
  });

  test('have the numbers that tshark gives them when they are counted', async ({ skip }) => {
    const { error, stdout } = spawnSync('tshark', [
      '-r',
      path,
      '-T',
      'fields',
      '-e',
      'frame.number',
      '-e',
      'frame.len',
    ]);
    if (error) skip('tshark is not installed');
    const ours = await running(['decode', COUNT, '-e', 'frame.number', '-e', 'frame.len', path]);
    // The padding of a journal entry is none of it there.
    expect(ours.stdout).toBe(stdout.toString());
  });

  test('are on no interface, are no channel packets, and have the time of the packet before them', async () => {
    const { stdout } = await running(['decode', COUNT, '-e', 'frame.time_epoch', '-e', 'frame.protocols', path]);
    expect(stdout.split('\n')).toEqual([
      '0.000000000\tdata',
      '7.000000005\tdata',
      '7.000000005\tdata',
      '7.000000005\tdata',
      '8.000000005\tdata',
      '8.000000005\t',
      '',
    ]);
  });

  test('are written to a capture as the blocks they are', async () => {
    const out = folder.path('out.pcapng');
    await running(['decode', COUNT, '-w', out, path]);
    const capture = await openCapture(out);
    expect((await rowsOf(capture)).map((row) => row[4])).toEqual([7, 8]);
    await capture.close();
    expect(capture.log.events.flatMap((event) => (event.type === 'custom' ? [event.bytes.length] : []))).toEqual([
      4, 0,
    ]);
  });

  test('are counted in the order of the file however it is cut into pieces', async () => {
    const capture = await openCapture(path, { countBlocks: true, chunkSize: 64 });
    expect((await rowsOf(capture)).map((row) => [row[0], row[4]])).toEqual([
      [1, 0],
      [2, 7],
      [3, 7],
      [4, 7],
      [5, 8],
      [6, 8],
    ]);
    await capture.close();
  });
});
