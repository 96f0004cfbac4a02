import type { Command } from 'commander';
import { checkCommand } from '../../crafter/commands/check.js';
import type { InjectIo } from '../../crafter/commands/inject.js';
import { injectCommand } from '../../crafter/commands/inject-options.js';
import { peerCommand } from '../../crafter/commands/peer-options.js';
import { rewriteCommand } from '../../crafter/commands/rewrite-options.js';
import { runCommand } from '../../crafter/commands/run.js';
import { simulateCommand } from '../../crafter/commands/simulate-options.js';
import type { Io } from './io.js';

/** Declares the commands of the crafter, and hands them what they need of the analyzer. They are loaded when run. */
export function craftingCommands(program: Command, io: Io): void {
  // The crafter reads its own words: they follow from the layouts of messages.
  program
    .command('craft')
    .description('build packets, right or wrong on purpose: to hex, a capture file or the wire')
    .usage('[options] MESSAGE…')
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action((_words: readonly string[], _options: unknown, command: Command) => runCraft(command.args, io));
  peerCommand(program, {
    listen: async (address, options) =>
      (await import('../../crafter/commands/peer.js')).listen(address, options, await peerIo(io)),
    connect: async (address, options) =>
      (await import('../../crafter/commands/peer.js')).connect(address, options, await peerIo(io)),
  });
  runCommand(program, io, {
    tap: async (...words) => (await import('./tapped-frames.js')).tapFrames(...words),
    confirm: (question) => confirming(io.interrupted())(question),
  });
  checkCommand(program, io);
  simulateCommand(program, io);
  rewriteCommand(program, async (files, options) => (await import('./run-rewrite.js')).rewrite(files, options, io));
  injectCommand(program, async (file, options) => {
    const { inject } = await import('../../crafter/commands/inject.js');
    const { capturedFrames } = await import('./captured-frames.js');
    const print = (text: string) => void io.stdout.write(text);
    let isDamaged = false;
    const onDamage = (problem: string) => {
      // A capture that is gone through several times is damaged once.
      if (!isDamaged) io.complain(problem, 1);
      isDamaged = true;
    };
    const frames: InjectIo['frames'] = (path, reading) => capturedFrames(path, reading, onDamage);
    const signal = io.interrupted();
    await inject(file, options, { frames, print, complain: io.complain, confirm: confirming(signal), signal });
  });
}

/** Asks on the terminal, if there is one. */
const confirming =
  (signal: AbortSignal) =>
  async (question: string): Promise<boolean> =>
    (await import('./confirm.js')).confirm(process, question, signal);

async function peerIo(io: Io) {
  const { processPeerIo } = await import('../../crafter/commands/peer-io.js');
  return processPeerIo(process, { stdout: io.stdout, complain: io.complain, earn: io.earn, signal: io.interrupted() });
}

async function runCraft(words: readonly string[], io: Io): Promise<void> {
  const { craft } = await import('../../crafter/commands/craft.js');
  const { nodeCraftIo } = await import('../../crafter/commands/craft-io.js');
  const problems: string[] = [];
  const status = await craft(
    words,
    nodeCraftIo({
      print: (text) => void io.stdout.write(text),
      stdout: io.stdout,
      complain: (problem) => problems.push(problem),
      confirm: (question) => confirming(io.interrupted())(question),
      interrupted: () => io.interrupted(),
      readPacket: async (path, number) => (await import('./read-packet.js')).readPacket(path, number),
    }),
  );
  for (const problem of problems) io.complain(problem, status === 2 ? 2 : 1);
  io.earn(status);
}
