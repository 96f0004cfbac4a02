/** The first job of the program, from start to finish: find out why a channel did not open. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import type { PtySession } from './pty.js';
import { RealProgram } from './real-program.js';

const ENTER = '\r';
const DOWN = '\x1b[B';

const program = new RealProgram();
afterEach(() => program.end());
afterAll(() => program.remove());

/** Opens a capture and goes to its channels. */
async function channelsOf(columns: number, rows: number, ...given: readonly string[]): Promise<PtySession> {
  const opened = await program.open(columns, rows, ...given);
  opened.send('1');
  await opened.untilShown('channels, by number');
  return opened;
}

/** What no cell of the screen may hold. */
const CONTROL = /[\p{C}\p{DI}]/u;

describe('why a channel did not open', () => {
  test('is found at 80 by 24: nobody was there, says an ICMP error', async () => {
    const shown = await channelsOf(80, 24, 'fixtures/demo.pcapng');
    await shown.untilShown('18 channels, by number');
    expect(shown.rows()[10]).toBe(' !   8  11.500 4ea5ee68 dfbb889c d15b     timed-out    ✓        0    0       !6');

    shown.send('ftimed');
    await shown.untilShown('1 of 18 channels, by number, with "timed"');
    expect(shown.rows()[3]).toBe(' !   8  11.500 4ea5ee68 dfbb889c d15b     timed-out    ✓        0    0       !6');
    shown.send(ENTER);
    await shown.untilShown('! CHANNEL_NEW sent 6 times in 6.2 s, but packet 131 is an ICMP error: dfbb889c');
    await shown.untilShown('(192.0.2.77:4242) cannot be reached');

    shown.send('Aprinter');
    await shown.untilShown('Name of dfbb889c: printer');
    shown.send(ENTER);
    await shown.untilShown('dfbb889c is called printer');

    shown.send(ENTER);
    await shown.untilShown('Ladder of channel 8 (d15b): 7 packets');
    expect(shown.rows().slice(3, 9)).toEqual([
      '     No.      Time     Delta 4ea5ee68                                    printer',
      '                             192.0.2.1:4242                      192.0.2.77:4242',
      '     129 11.500000           ├─ NEW d15b (c1✓ valid) ─────────────────────────▶│',
      ' •   130 11.700000 +0.200000 ├╌ NEW d15b (resend) (c1✓ valid) ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│',
      ' !   131 11.712392 +0.012392 │  ! ICMP error answers packet 130 of channel 8   │',
      ' •   139 12.100000 +0.387607 ├╌ NEW d15b (resend 2) (c1✓ valid) ╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│',
    ]);

    shown.send(`${DOWN}${DOWN}`);
    await shown.untilShown('Packet 131');
    shown.send(ENTER);
    await shown.untilShown('packet 131 of 233');
    await shown.untilShown('Internet Control Message Protocol');
    shown.send('\x7f');
    await shown.untilShown('Ladder of channel 8');
    shown.send('\x03');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
  });

  test('is found at 120 by 40, through a resize: the proof came with a stale cookie', async () => {
    const shown = await channelsOf(120, 40, '--secrets', 'fixtures/cookie-stale.secrets', 'fixtures/cookie-stale.pcap');
    await shown.untilShown('4 channels, by number');
    shown.send('ssssss');
    await shown.untilShown('4 channels, by state');
    shown.send('g');
    await shown.until('channel 2 is under the cursor', () =>
      shown.rows().some((row) => row.startsWith('── Channel 2: ')),
    );
    await shown.untilShown(
      '! CHANNEL_FINALIZE in packet 14 is dropped: its cookie 2 is stale: secret #c46e3600 (fixtures/cookie-stale.secrets:4)',
    );
    shown.send(ENTER);
    await shown.untilShown('Ladder of channel 2 (20000002): 4 packets');
    expect(shown.rows()[7]).toMatch(/^ ! {4}13 10\.521849 \+1\.501547 ├─ FINALIZE 20000002 tcp \(c2~[^▶]*×│/);
    expect(shown.rows()[2]).toContain('│── Packet 11 ───');

    shown.send('jj');
    await shown.untilShown('stale), dropped by who receives it');
    shown.resize(80, 24);
    await shown.untilShown('2bd806c9 → 81b637d8: FINALIZE 20000002 tcp (c2~ stale), dropped by who');

    // The proof beside that of the first channel, which was good.
    shown.send(' 2');
    await shown.untilShown('packet 13 of 26');
    shown.send(':3\r=');
    await shown.untilShown('Packet 3 and packet 13: ');
    shown.send('o');
    await shown.untilShown(', only these');
    expect(shown.rows().some((row) => /\[valid: .* ≠ .*\[stale: /.test(row))).toBe(true);
    expect(shown.rows().join('')).not.toMatch(CONTROL);
    shown.send('\x03');
    await shown.untilExit();
    expect(shown.exit?.exitCode).toBe(0);
  });

  test('is drawn into a file', async () => {
    const path = join(program.home, 'ladder.mmd');
    const shown = await channelsOf(80, 24, 'fixtures/demo.pcapng');
    await shown.untilShown('18 channels, by number');
    shown.send(`jjjjjjj${ENTER}`);
    await shown.untilShown('Ladder of channel 8');
    shown.send(`w${path}${ENTER}`);
    await shown.untilShown(path.slice(-20));
    await shown.untilShown('saved');
    const drawn = await readFile(path, 'utf8');
    expect(drawn.split('\n').slice(0, 4)).toEqual([
      'sequenceDiagram',
      '  participant p1 as 4ea5ee68… 192.0.2.1:4242',
      '  participant p2 as dfbb889c… 192.0.2.77:4242',
      '  p1->>p2: channel 8: NEW d15b (cookie1 valid)',
    ]);
    shown.send('\x03');
    await shown.untilExit();
  });
});
