import { CommanderError } from 'commander';
import { configure } from './commands/configuration.js';
import { limitReached } from './commands/limit-reached.js';
import { hintsOf, isUserError, problemOf } from './commands/problem.js';
import { buildProgram } from './program.js';
import { worldOf } from './world.js';

/** Runs the command line of a process, and sets its exit status. */
export async function runCommandLine(host: NodeJS.Process): Promise<void> {
  const world = worldOf(host);
  /** A mistake of the program itself: it ends at once, as whatever went on may never end. */
  const fail = (error: unknown): void => {
    const limit = limitReached(error);
    if (limit !== undefined) world.io.complain(limit, 1);
    else world.io.complain(`internal error: ${error}; HANDSHARK_DEBUG=1 tells where`, 1);
    if (host.env.HANDSHARK_DEBUG === '1') console.error(error);
    host.exit(1);
  };
  host.on('uncaughtException', (error) => {
    // The screen has things to save, and ends by itself.
    if (host.listenerCount('uncaughtException') === 1) fail(error);
  });
  try {
    const program = buildProgram(world.io);
    configure(program, host.env);
    await program.parseAsync(host.argv);
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has printed help or version itself; what is left are mistakes on the command line.
      if (error.exitCode !== 0) world.io.complain(problemOf(error), 2);
    } else if (isUserError(error)) {
      world.io.complain(problemOf(error), error.name === 'UsageError' || error.name === 'FilterError' ? 2 : 1);
      for (const hint of hintsOf(error)) world.io.remark(hint);
      if (host.env.HANDSHARK_DEBUG === '1') console.error(error);
    } else {
      fail(error);
    }
  }
  world.finish();
}
