/** Whatever a capture, its name or a setting says, nothing but our own sequences reaches the terminal. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import {
  enhancedPacket,
  interfaceDescription,
  nameResolution,
  sectionHeader,
} from '../../../dissectors/file/pcapng-writer.js';
import type { PtySession } from './pty.js';
import { quit, RealProgram } from './real-program.js';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

/** What must not act: sequences, a clipboard, a title, C1, bidi, invisible, wide, combining, a lone surrogate. */
const HOSTILE = `\x1b]52;c;UVVJRVQ=\x07\x1b]0;title\x07\x1b[2J\x1b[31m\x1b[6n\x9b5n\x85\r\n\t\x7f\u202e\u2066\u200b\u00adRTL日本한국e${'\u0301'.repeat(40)}\u{1f468}\u200d\u{1f469}\u{e0041}`;

/** The packets of the hostile fixture again, in a file that is hostile in every text that a file can hold. */
function hostileCapture(): Uint8Array {
  const pcap = readFileSync('fixtures/hostile.pcap');
  const blocks = [
    sectionHeader({ application: HOSTILE, hardware: HOSTILE, os: HOSTILE, comments: [HOSTILE] }),
    interfaceDescription({ linkType: 1, name: HOSTILE, description: HOSTILE, filter: HOSTILE, comments: [HOSTILE] }),
    nameResolution([{ kind: 'ipv4', address: Uint8Array.of(192, 0, 2, 1), names: [HOSTILE] }]),
  ];
  let number = 0;
  for (let at = 24; at < pcap.length; ) {
    const size = pcap.readUInt32LE(at + 8);
    const bytes = pcap.subarray(at + 16, at + 16 + size);
    const seconds = pcap.readUInt32LE(at);
    blocks.push(enhancedPacket({ interfaceId: 0, seconds, nanos: number++, bytes, wire: size, comments: [HOSTILE] }));
    at += 16 + size;
  }
  // It ends in the middle of a block, so that there is a problem to be told of, too.
  return Buffer.concat(blocks).subarray(0, -8);
}

/** Settings whose texts are hostile: names of peers, the title of a column. */
const settings = (): string =>
  JSON.stringify({
    ui: {
      aliases: {
        '2bd806c97f0e00af1a1fc3328fa763a9': `alice ${HOSTILE}`,
        '81b637d8fcd2c6da6359e6963113a117': `bob ${HOSTILE}`,
      },
      columns: ['number', 'time', 'source', { title: `title ${HOSTILE}`, field: 'chan.data' }, 'info'],
    },
  });

/** Pastes a text, as a terminal does that marks what is pasted. */
const paste = (text: string): string => `\x1b[200~${text.replaceAll('\x1b', '\x1b\x1b')}\x1b[201~`;

const PASTED = HOSTILE.replaceAll(/\x1b\[/g, '');

/** Keys that go through every screen, each with what its screen shows. */
const TOUR: readonly (readonly [keys: string, shown: string])[] = [
  ['', 'packet 1 of'],
  ['jjjj', 'packet 5 of'],
  ['lllll', 'packet 5 of'],
  ['hhhhh\t', 'Tab pane'],
  ['E', '▾ Frame'],
  ['zG', 'packet 5 of'],
  ['\x1b[5~\x1b[5~>>>', 'packet 5 of'],
  ['<<<z\t', 'packet 5 of'],
  ['\x1b[Z\x1b[Zd', 'as text'],
  ['v', 'as hex'],
  ['v\x1b[6~', 'as text'],
  ['2L', 'Ladder of channel'],
  ['Gvv', 'Ladder of channel'],
  ['g jjj =', 'Packet '],
  ['1', 'channel, by number'],
  ['f', ''],
  [`${paste(PASTED)}\x1b`, 'by number'],
  ['a\x15', 'Name of'],
  [`${paste(PASTED)}\r`, 'is called'],
  ['4', 'Outcomes'],
  ['\t', 'Round trips'],
  ['\t', 'Over time'],
  ['\t', 'Findings'],
  ['\t', 'Endpoints'],
  ['\t', 'Conversations'],
  ['\t', 'Protocols'],
  ['5', 'Craft'],
  ['2', 'Info'],
  ['e', 'Craft'],
  ['GGb', 'Craft'],
  ['6', 'damaged'],
  ['?', 'Keys'],
  ['q2/', 'Filter:'],
  [paste(PASTED), 'Filter:'],
  ['\r', 'Filter:'],
  ['/\x15chan.data contains "', 'Filter:'],
  [`${paste(PASTED)}"\r`, 'Filter:'],
  ['\x1b', ''],
  ['/\x05\x15\r:', 'add-column'],
  [`${paste(PASTED)}\r`, 'no such command'],
  ['f', 'Find text in list'],
  [`${paste(PASTED)}\r`, 'not found'],
  ['f\x14\x12', 'Find regex in tree'],
  [`${paste(PASTED)}(\r`, '52;c;'],
  ['\x1b', ''],
  ['w', ''],
  [`${paste(`/nowhere/${PASTED}`)}\r`, 'cannot write'],
  ['6', 'cannot write'],
  ['2:filter ', 'filter'],
  ['\x1b\x1b', 'Info'],
];

/** Ours: cursor places, erasing, looks, modes. What is left has come out of the capture, its name or the settings. */
const foreign = (raw: string): string =>
  raw.replaceAll(/\x1b\[(?:\d+;\d+H|H|2J|2K|[\d;]*m|\?(?:25|7|1000|1002|1006|1049|2004|2026)[hl])/g, '');

const CONTROL = /[\p{C}\p{DI}]/u;
/** More marks than any script puts on one letter: they would climb out of their row. */
const PILED = /\p{M}{4}/u;

function check(session: PtySession, keys: string): void {
  const shown = session.rows().join('');
  expect([keys, CONTROL.exec(shown)?.[0], PILED.exec(shown)?.[0]]).toEqual([keys, undefined, undefined]);
}

test.each<[columns: number, rows: number, options: readonly string[]]>([
  [80, 24, ['--ascii']],
  [80, 24, []],
  [120, 40, []],
] as const)(
  'at %i by %i %s',
  async (columns, rows, options) => {
    const folder = join(program.home, `${columns}${options.join('')}\x1b]52;c;TkFNRQ==\x07\x1b[2J\n\u202e日本`);
    mkdirSync(folder);
    const path = join(folder, 'name\x1b[31m\u2066\x9b2J.pcapng');
    writeFileSync(path, hostileCapture());
    mkdirSync(join(program.home, 'handshark'), { recursive: true });
    writeFileSync(join(program.home, 'handshark/config.json'), settings());

    const session = await program.open(columns, rows, ...options, '--secrets', 'fixtures/hostile.secrets', path);
    const titles: string[] = [];
    session.terminal.onTitleChange((title) => titles.push(title));
    for (const [keys, there] of TOUR) {
      session.send(keys);
      if (!options.includes('--ascii') || /^[\x20-\x7e]*$/.test(there)) await session.untilShown(there);
      await session.untilQuiet(120);
      check(session, keys);
    }
    session.resize(40, 12);
    await session.untilQuiet(120);
    check(session, 'resized');
    expect(await quit(session)).toBe(0);

    expect(foreign(session.raw)).not.toMatch(CONTROL);
    expect(foreign(session.raw)).not.toMatch(PILED);
    expect(titles).toEqual([]);
    if (options.includes('--ascii')) expect(foreign(session.raw)).toMatch(/^[\x20-\x7e]*$/);
    // The texts were there to be shown: what could act is written out.
    expect(session.raw).toContain('\\x1b]52;c;');
  },
  120_000,
);
