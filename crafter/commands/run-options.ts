import { InvalidArgumentError } from 'commander';
import { fromHex } from '../../dissectors/wire/view.js';
import { type Endpoint, endpointExpected, ownEndpointFrom, remoteEndpointFrom } from '../endpoint.js';
import { peerId } from '../peer-id.js';
import type { Defines } from '../script/check.js';
import { Lexer } from '../script/lexer.js';
import { cursorOf } from '../script/parse-cursor.js';
import { expressionIn } from '../script/parse-expression.js';
import type { Target } from '../script/script.js';
import { ScriptError } from '../script/script-error.js';

/** @throws {InvalidArgumentError} if the text names no endpoint */
function known(endpoint: Endpoint | undefined, text: string): Endpoint {
  if (!endpoint) throw new InvalidArgumentError(endpointExpected(text));
  return endpoint;
}

/** The word for the built-in peer, or an address. */
export function targetOption(text: string): Target {
  return text === 'peer' ? { kind: 'peer' } : { kind: 'udp', ...known(remoteEndpointFrom(text), text) };
}

export const listenOption = (text: string): Target => ({ kind: 'listen', ...known(ownEndpointFrom(text), text) });

export function idOption(text: string): Uint8Array {
  if (text === '') throw new InvalidArgumentError('expected 32 hex digits, or a name');
  return peerId(text);
}

export function secretOption(text: string): Uint8Array {
  if (!/^([0-9a-f]{2})+$/i.test(text)) throw new InvalidArgumentError('expected an even number of hex digits');
  return fromHex(text);
}

export function seedOption(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('expected a whole number');
  return Number(text);
}

/** A variable and its value: `mode=tcp`, `number=0x1a2b`. Repeatable. */
export function defineOption(text: string, before: Defines): Defines {
  const [, name, value] = /^([A-Za-z_]\w*)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError('expected NAME=VALUE');
  try {
    const cursor = cursorOf(new Lexer('--define', value));
    const expression = expressionIn(cursor);
    cursor.endLine();
    return new Map(before).set(name, expression);
  } catch (error) {
    if (error instanceof ScriptError) throw new InvalidArgumentError(`${name}: ${error.problem}`);
    throw error;
  }
}

/** The longest wait that a script may be told, in seconds. */
const MOST_SECONDS = 3600;

/** Seconds, as milliseconds. */
export function secondsOption(text: string): number {
  const isDecimal = /^(\d+\.?\d*|\.\d+)$/.test(text);
  if (!isDecimal || Number(text) > MOST_SECONDS)
    throw new InvalidArgumentError(`expected seconds, up to ${MOST_SECONDS}`);
  return Number(text) * 1000;
}
