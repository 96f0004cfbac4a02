/** `handshark/script`: reads scripts of packets that are sent and expected, and plays them in virtual time. */
import { check } from '../../crafter/script/check.js';
import { parse } from '../../crafter/script/parser.js';
import type { Play } from '../../crafter/script/play.js';
import type { Script } from '../../crafter/script/script.js';
import { ScriptError } from '../../crafter/script/script-error.js';
import { playVirtually } from '../../crafter/script/virtual-play.js';

export { type Play, type Script, ScriptError };

/**
 * Reads a script.
 * @param name what to call it in errors
 * @throws {ScriptError} with the line that is wrong, and why
 */
export const parseScript = (text: string, name = 'script'): Script => check(parse(name, text));

/** Plays a script against the built-in peer in virtual time: nothing waits, and the same seed makes the same play. */
export const runScript = (script: Script, seed = 1): Play => playVirtually(script, seed);
