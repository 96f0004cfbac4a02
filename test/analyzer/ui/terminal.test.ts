import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buildEntry, PtySession } from './pty.js';

let entry: Awaited<ReturnType<typeof buildEntry>>;
const sessions: PtySession[] = [];

beforeAll(async () => {
  entry = await buildEntry();
});
afterEach(() => {
  for (const session of sessions.splice(0)) if (session.exit === undefined) session.kill('SIGKILL');
});
afterAll(() => entry.remove());

interface Given {
  readonly columns?: number;
  readonly rows?: number;
  readonly [option: string]: unknown;
}

/** Starts the program and waits for its first frame. */
async function start({ columns = 80, rows = 24, ...options }: Given = {}): Promise<PtySession> {
  const session = new PtySession(process.execPath, [entry.path, JSON.stringify(options)], columns, rows);
  sessions.push(session);
  await session.until('the list is shown', () => session.rows().some((row) => row.includes('Info')));
  return session;
}

/** Starts the program from a shell that tells afterwards how it ended and what the terminal is like. */
async function startInShell(options: object): Promise<PtySession> {
  // The shell must not die of what is sent to the whole group, or to the terminal.
  const script = `trap : HUP; "$0" "$1" "$2" & pid=$!; echo "pid $pid."; fg >/dev/null; echo "left $?"; stty -a; kill -9 $pid 2>/dev/null`;
  const given = ['-mc', script, process.execPath, entry.path, JSON.stringify(options)];
  const session = new PtySession('bash', given, 80, 24);
  sessions.push(session);
  await session.until('the list is shown', () => session.rows().some((row) => row.includes('Info')));
  return session;
}

const pidOf = (session: PtySession): number => Number(/pid (\d+)\./.exec(session.raw)?.[1]);

/** What of the terminal is not as it was found. */
function leftovers({ terminal, raw }: PtySession): readonly string[] {
  const { modes, buffer } = terminal;
  const found = {
    'the alternate screen': buffer.active.type !== 'normal',
    'the mouse': modes.mouseTrackingMode !== 'none',
    'bracketed paste': modes.bracketedPasteMode,
    'no line wrap': !modes.wraparoundMode,
    'no cursor': raw.lastIndexOf('\x1b[?25l') > raw.lastIndexOf('\x1b[?25h'),
    'raw keys': raw.includes('speed') && (/-icanon/.test(raw) || /-echo\b/.test(raw)),
  };
  return Object.entries(found).flatMap(([name, is]) => (is ? [name] : []));
}

const DOWN = '\x1b[B';

describe('in a terminal', () => {
  test.each([
    [80, 24],
    [120, 40],
  ])('shows three panes at %i by %i, to the last row', async (columns, rows) => {
    const session = await start({ columns, rows, count: 100 });
    await session.untilShown('packet 1 of 100', rows - 1);
    const shown = session.rows();
    expect(shown[2]).toMatch(/^▸ {3}No\. +Time +Source +Destination +Protocol +(?:Length +)?Info$/);
    expect(shown[3]).toMatch(/^ +1 +0\.001000 10\.0\.0\.1 +192\.168\.100\.200 CHAN +(?:61 )?Packet number 1/);
    expect(shown.filter((row) => row.startsWith('── '))).toHaveLength(2);
    expect(shown.some((row) => row.startsWith('0000  01 08 0f'))).toBe(true);
    expect(shown[rows - 1]).toContain('packet 1 of 100');
    expect(session.inverse(3)).toHaveLength(columns);
  });

  test('goes through packets, opens lines and lights their bytes', async () => {
    const session = await start({ count: 100 });
    session.send(`jj${DOWN}k\r`);
    await session.untilShown('▸─ Packet 3', 11);
    session.send('jll');
    await session.untilShown('▾ Ethernet', 13);
    await session.until('the destination is chosen', () => session.inverse(14).includes('Destination'));
    expect(session.inverse(19)).toBe('03 0a 11 18 1f 26.....&');
    session.send('\t');
    await session.untilShown('▸─ [Frame', 18);
    session.send('\x1b[C'.repeat(6));
    await session.until('the source is chosen', () => session.inverse(15).includes('Source'));
    expect(session.inverse(19)).toBe('2d 34  3b 42 49 50-4;BIP');
  });

  test('goes to a packet by number, and says when there is none', async () => {
    const session = await start({ count: 5_000_000 });
    session.send(':4999');
    await session.untilShown(':4999', 23);
    session.send('999\r');
    await session.untilShown('packet 4,999,999 of 5,000,000', 23);
    expect(session.rows().some((row) => row.includes(' 4999999 '))).toBe(true);
    session.send('\x0799999999\r');
    await session.untilShown('no packet 99999999', 23);
  });

  test('shows and leaves the help', async () => {
    const session = await start();
    session.send('?');
    await session.untilShown('Keys', 0);
    await session.untilShown('zoom the pane');
    session.send('q');
    await session.untilShown('Info', 2);
  });

  test('listens to the mouse, and lets go of it', async () => {
    const session = await start({ count: 100 });
    expect(session.terminal.modes.mouseTrackingMode).toBe('drag');
    session.send('\x1b[<0;10;6M\x1b[<0;10;6m');
    await session.untilShown('packet 3 of 100', 23);
    session.send('\x1b[<65;10;6M');
    await session.until('the list has moved', () => /^ *• +4 /.test(session.rows()[3] ?? ''));
    session.send('M');
    await session.untilShown('mouse off', 23);
    expect(session.terminal.modes.mouseTrackingMode).toBe('none');
    session.send('M');
    await session.until('the mouse is used', () => session.terminal.modes.mouseTrackingMode === 'drag');
  });

  test('fits itself to a window that changes its size, down to nothing and back', async () => {
    const session = await start({ count: 100 });
    session.send('G');
    await session.untilShown('packet 100 of 100', 23);
    session.resize(120, 40);
    await session.untilShown('packet 100 of 100', 39);
    expect(session.inverse(39)).toHaveLength(120 - 1);
    for (const [columns, rows] of [
      [20, 5],
      [3, 2],
      [1, 1],
      [200, 60],
    ] as const)
      session.resize(columns, rows);
    await session.untilShown('packet 100 of 100', 59);
    session.resize(20, 5);
    await session.untilShown('packet 100 of 100', 4);
    await session.untilShown('▸   No. ', 0);
    expect(session.rows()[3]).toMatch(/^ {4}100 /);
    session.resize(80, 24);
    await session.untilShown('packet 100 of 100', 23);
    await session.untilShown('0000  64', 19);
  });

  test('can be used while the capture grows', async () => {
    const session = await start({ count: 0, final: 200_000, step: 2_000 });
    await session.until('packets come', () => /packet 1 of \d/.test(session.rows()[23] ?? ''));
    expect(session.rows()[23]).toMatch(/ \d+%/);
    session.send('jjj');
    await session.untilShown('packet 4 of', 23);
    session.send('G');
    await session.untilShown('following', 23);
    await session.until('the file is read', () => session.rows()[23]?.includes('packet 200,000 of 200,000') ?? false);
    expect(session.rows()[23]).not.toContain('%');
  });

  test('lets nothing out of a packet reach the terminal', async () => {
    const text = ` \x1b]52;c;QUJD\x07\x1b]0;title\x07\x1b[2J\x9b5n\r\n\t\0\x7f\u202e\u200b\u2066日本e${'\u0301'.repeat(50)}\u{1f468}\u200d\u{1f469}\ufe0f\ud83c`;
    const session = await start({ columns: 160, rows: 50, count: 50, title: `a${text}`, problem: `b${text}`, text });
    const titles: string[] = [];
    session.terminal.onTitleChange((title) => titles.push(title));
    session.send('\tEG\t\t?qz');
    await session.until('it is zoomed', () => session.rows().some((row) => row.includes(' 47 ')));
    session.send('z\x0c');
    await session.untilShown('\\x1b]52;c;QUJD\\x07');
    session.send('q');
    await session.untilExit();
    // Ours: cursor places, erasing, looks, modes. Anything else would have come out of the packet.
    const foreign = session.raw
      .replaceAll(/\x1b\[(?:\d+;\d+H|H|2J|2K|\d+m|\?(?:25|7|1000|1002|1006|1049|2004|2026)[hl])/g, '')
      .replaceAll('bye\r\n', '');
    expect(foreign).not.toMatch(/[\p{C}\p{DI}]/u);
    expect(titles).toEqual([]);
    expect(/\u0301{3}/.test(session.raw)).toBe(false);
  });

  test('draws where CI is set, too', async () => {
    const session = new PtySession('env', ['CI=true', process.execPath, entry.path, '{}'], 80, 24);
    sessions.push(session);
    await session.untilShown('packet 1 of 3', 23);
    session.send('j');
    await session.untilShown('packet 2 of 3', 23);
  });

  test('draws with ASCII only if told so', async () => {
    const session = await start({ ascii: true, count: 9, text: ' é日' });
    await session.untilShown('!     6');
    session.send('q');
    await session.untilExit();
    expect(session.raw).toMatch(/^[\x00-\x7f]*$/);
  });

  test('uses no colours if told so', async () => {
    const session = await start({ color: false, count: 9, problem: 'broken' });
    await session.untilShown('× broken');
    expect(session.raw).not.toMatch(/\x1b\[(?:3\d|4\d|9\d|10\d)m/);
  });
});

describe('leaves the terminal as it found it', () => {
  test.each<[string, (session: PtySession) => void, number]>([
    ['q', (session) => session.send('q'), 0],
    ['Ctrl-C', (session) => session.send('\x03'), 0],
    ['SIGINT', (session) => process.kill(pidOf(session), 'SIGINT'), 0],
    ['SIGTERM', (session) => process.kill(pidOf(session), 'SIGTERM'), 143],
    ['SIGHUP', (session) => process.kill(pidOf(session), 'SIGHUP'), 129],
    ['Ctrl-Z', (session) => session.send('\x1a'), 148],
    ['an exception', (session) => session.send('jj'), 1],
  ])('after %s', async (_, end, status) => {
    const session = await startInShell({ count: 9, failAt: 3 });
    end(session);
    await session.untilExit();
    // The news of the end may come before what was written last.
    await session.until('the shell has told all', () => session.raw.includes('icanon'));
    expect(session.raw).toContain(`left ${status}`);
    expect(leftovers(session)).toEqual([]);
    if (status === 1) expect(session.raw).toContain('a bug, made on purpose');
  });

  test('and tells of a bug after that, where it can be read', async () => {
    const session = await start({ count: 9, failAt: 2 });
    session.send('j');
    await session.untilExit();
    expect(session.rows().join('\n')).toContain('a bug, made on purpose');
    expect(session.exit?.exitCode).toBe(1);
  });

  test.each(['a timer', 'a promise', 'a view', 'the stack', 'again and again'])(
    'once packets are rescued, when %s fails',
    async (fails) => {
      const session = await start({ count: 9, fails });
      session.send('j');
      await session.untilExit();
      const said = session.rows().join('\n');
      expect(said).toContain('rescued what comes after 0');
      expect(said).toMatch(/a bug, made on purpose|Maximum call stack/);
      expect(said.indexOf('rescued')).toBeLessThan(said.search(/a bug|Maximum/));
      expect(session.exit?.exitCode).toBe(1);
    },
  );

  test('while it is stopped, and takes it again when it goes on', async () => {
    const session = await start({ count: 9 });
    // Nobody to go back to: the pseudo-terminal has no shell, so the program must not stay blank.
    session.send('\x1a');
    await session.until('it was left and taken again', () => session.raw.split('\x1b[?1049h').length > 2);
    await session.untilShown('packet 1 of 9', 23);
    expect(session.terminal.buffer.active.type).toBe('alternate');

    process.kill(session.pid, 'SIGSTOP');
    execFileSync('stty', ['-F', `/proc/${session.pid}/fd/0`, 'icanon', 'echo']);
    process.kill(session.pid, 'SIGCONT');
    session.send('j');
    await session.untilShown('packet 2 of 9', 23);
  });

  test('and finds out the size that the window has got meanwhile', async () => {
    const script = '"$0" "$1" "$2"; echo "stopped."; read; fg';
    const session = new PtySession('bash', ['-mc', script, process.execPath, entry.path, '{"count":9}'], 80, 24);
    sessions.push(session);
    await session.untilShown('packet 1 of 9', 23);
    session.send('\x1a');
    await session.untilShown('stopped.');
    session.resize(100, 30);
    session.send('\r');
    await session.untilShown('packet 1 of 9', 29);
    await session.until('the line is as wide', () => session.inverse(29).length === 100 - 1);
  });
});
