#!/usr/bin/env node
import { CommanderError } from 'commander';
import { configure } from './commands/configuration.js';
import { hintsOf, isUserError, problemOf } from './commands/problem.js';
import { buildProgram } from './program.js';
import { worldOf } from './world.js';

const world = worldOf(process);
try {
  const program = buildProgram(world.io);
  configure(program, process.env);
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has printed help or version itself; what is left are mistakes on the command line.
    if (error.exitCode !== 0) world.io.complain(problemOf(error), 2);
  } else if (isUserError(error)) {
    world.io.complain(problemOf(error), error.name === 'UsageError' || error.name === 'FilterError' ? 2 : 1);
    for (const hint of hintsOf(error)) world.io.remark(hint);
    if (process.env.HANDSHARK_DEBUG === '1') console.error(error);
  } else {
    throw error;
  }
}
world.finish();
