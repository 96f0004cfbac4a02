import { readFileSync } from 'node:fs';
import { handshark } from '../../../built-program.js';
import type { Interface, Namespace } from '../../../net/namespaces.js';
import { type Run, RunningProgram } from '../../../running-program.js';

export const ENGINES = ['dumpcap', 'tcpdump', 'cap'] as const;

/** Starts the program in a namespace and waits until it captures. */
export async function capturing(namespace: Namespace, ...words: readonly string[]): Promise<RunningProgram> {
  const program = namespace.start(handshark(...words));
  await program.said(/capturing on/);
  return program;
}

/**
 * Sends numbered datagrams of `size` bytes to a port nobody listens on, at the other end of a cable.
 * @param pause between groups of ten, in milliseconds
 */
export function sending(from: Interface, to: Interface, count: number, { port = 4545, size = 20, pause = 1 } = {}) {
  const script = `const s = require('dgram').createSocket('udp4');
    s.bind(0, '${from.ipv4}', () => {
      let sent = 0;
      const next = () => {
        for (let i = 0; i < 10 && sent < ${count}; i++) {
          const packet = Buffer.alloc(${size});
          packet.writeUInt32BE(sent++);
          s.send(packet, ${port}, '${to.ipv4}');
        }
        if (sent < ${count}) setTimeout(next, ${pause}); else setTimeout(() => s.close(), 20);
      };
      next();
    });`;
  return from.namespace.start([process.execPath, '-e', script], '').ended();
}

/** The lines that the program said, without its name. */
export const saidBy = ({ err }: Pick<Run, 'err'>): readonly string[] =>
  err
    .split('\n')
    .slice(0, -1)
    .map((line) => line.replace(/^handshark: /, ''));

/** Lines of those that tell how a capture went, and not how far it is. */
export const outcomeOf = (run: Pick<Run, 'err'>): readonly string[] =>
  saidBy(run).filter((line) => !/^\d+ packets? captured, (\d+ dropped|drops unknown( so far)?)$/.test(line));

/** The process in a namespace that runs a program; undefined if there is none. */
export async function processIn(namespace: Namespace, program: string): Promise<number | undefined> {
  const { out } = await new RunningProgram(['ip', 'netns', 'pids', namespace.name], '').ended();
  const pids = new TextDecoder().decode(out).split('\n').map(Number);
  return pids.find((pid) => pid > 0 && commandOf(pid).startsWith(program));
}

/** The words of a process, until it is gone. */
function commandOf(pid: number): string {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    return (words[0] ?? '').split('/').at(-1) === 'node'
      ? `node ${words[1]}`
      : ((words[0] ?? '').split('/').at(-1) ?? '');
  } catch {
    return '';
  }
}

/** Looks again and again until something is so, for fifty seconds. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < 2500; looks++) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`never: ${what}`);
}
