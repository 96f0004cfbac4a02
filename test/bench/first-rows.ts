import { spawn } from '@lydell/node-pty';
import { median } from './measure.js';

/** What a UI shows once its first packet is on the screen. */
interface Screen {
  readonly name: string;
  readonly command: readonly string[];
  readonly row: RegExp;
}

/** How long a program that is asked to end may take, in milliseconds. */
const PATIENCE_MS = 2000;

/** Milliseconds from the start of a program until its output matches; undefined if it never does in ten seconds. */
function timeTo({ command, row }: Screen): Promise<number | undefined> {
  const [program = '', ...args] = command;
  const { CI: _, ...env } = process.env;
  const start = process.hrtime.bigint();
  const terminal = spawn(program, args, { cols: 160, rows: 50, env: { ...env, TERM: 'xterm-256color' } });
  return new Promise((resolve) => {
    let text = '';
    let time: number | undefined;
    let isOver = false;
    const over = (at?: number) => {
      if (isOver) return;
      isOver = true;
      time = at;
      terminal.kill('SIGTERM');
      clearTimeout(limit);
      limit = setTimeout(() => terminal.kill('SIGKILL'), PATIENCE_MS);
    };
    // What still ends would be measured with the next one.
    terminal.onExit(() => {
      clearTimeout(limit);
      resolve(time);
    });
    let limit = setTimeout(over, 10_000);
    terminal.onData((data) => {
      text = (text + data).slice(-20_000);
      if (row.test(text)) over(Number(process.hrtime.bigint() - start) / 1e6);
    });
  });
}

/** The medians of how long it takes until the first rows are on the screen, ours and termshark's where it is installed. */
export async function firstRows(path: string, rounds: number): Promise<string> {
  const screens: readonly Screen[] = [
    { name: 'handshark', command: ['node', 'dist/handshark.js', path], row: /NEW [0-9a-f]{4}/ },
    { name: 'termshark', command: ['termshark', '-r', path], row: /192\.0\.2\.0/ },
  ];
  const lines: string[] = [];
  for (const screen of screens) {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const time = await timeTo(screen).catch(() => undefined);
      if (time === undefined) break;
      times.push(time);
    }
    lines.push(
      times.length === 0 ? `  ${screen.name}: not installed` : `  ${screen.name}: ${median(times).toFixed(0)} ms`,
    );
  }
  return lines.join('\n');
}
