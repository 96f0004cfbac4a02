/**
 * `handshark/script`: reads scripts of packets that are sent and expected, and plays them in virtual time.
 *
 * @module script
 */
import { check } from '../../crafter/script/check.js';
import type { Outcome } from '../../crafter/script/outcome.js';
import { parse } from '../../crafter/script/parser.js';
import type { Deed, Play, PlayedPacket, PlayedSecret } from '../../crafter/script/play.js';
import type { Script } from '../../crafter/script/script.js';
import { ScriptError } from '../../crafter/script/script-error.js';
import { playVirtually } from '../../crafter/script/virtual-play.js';

export { type Deed, type Outcome, type Play, type PlayedPacket, type PlayedSecret, type Script, ScriptError };

/**
 * Reads a script.
 * @param name what to call it in errors
 * @throws {ScriptError} with the line that is wrong, and why
 */
export const parseScript = (text: string, name = 'script'): Script => check(parse(name, text));

/** Plays a script against the built-in peer in virtual time: nothing waits, and the same seed makes the same play. */
export const runScript = (script: Script, seed = 1): Play => playVirtually(script, seed);
