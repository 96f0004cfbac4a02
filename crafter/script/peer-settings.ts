import { type Conditions, PERFECT } from '../link/conditions.js';
import { PACKET_SIZES, type Settings } from '../peer/settings.js';
import type { Pattern } from './tree.js';
import { suggestion } from './words.js';

/** What a setting of the built-in peer is counted in. */
type Unit = 'milliseconds' | 'number' | 'truth';
type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];
type TruthKey = { [K in keyof Settings]: Settings[K] extends boolean ? K : never }[keyof Settings];

/** The settings that a script may make, by their names in `crafter/peer/settings.ts`. */
const PEER: Readonly<Partial<Record<NumberKey | TruthKey, Unit>>> = {
  packetSize: 'number',
  failAfter: 'milliseconds',
  restarts: 'number',
  earlyPackets: 'number',
  heldEarly: 'number',
  secretPeriod: 'milliseconds',
  bindAddress: 'truth',
  channels: 'number',
  closedChannels: 'number',
  linger: 'milliseconds',
  idle: 'milliseconds',
  keepAlive: 'milliseconds',
  halfOpen: 'truth',
  gapTimeout: 'milliseconds',
  window: 'number',
  progressDelay: 'milliseconds',
  progressEvery: 'number',
  firstTimeout: 'milliseconds',
  sendings: 'number',
  giveUpAfter: 'milliseconds',
};

const NETWORK: Readonly<Record<keyof Conditions, Unit>> = {
  loss: 'number',
  duplicate: 'number',
  corrupt: 'number',
  delay: 'milliseconds',
  jitter: 'milliseconds',
  reorder: 'number',
  reorderDelay: 'milliseconds',
  mtu: 'number',
  rate: 'number',
  queue: 'number',
};

/** As a script names it: `secret_period`. */
const nameOf = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The names of the settings, for the documents. */
export const PEER_SETTINGS: readonly string[] = [...Object.keys(PEER).map(nameOf), 'accept', 'echo', 'greet'].sort();
export const NETWORK_SETTINGS: readonly string[] = Object.keys(PERFECT).map(nameOf).sort();

/**
 * One setting of the built-in peer. Times are in milliseconds.
 * @throws {RangeError} saying what was found and what was expected
 */
export function peerSetting(name: string, pattern: Pattern): Partial<Settings> {
  if (name === 'accept') {
    const accepts = truthIn(name, pattern);
    return { accept: () => accepts };
  }
  if (name === 'greet') {
    const greeting = textIn(name, pattern);
    return { greet: () => greeting };
  }
  const key = (Object.keys(PEER) as (NumberKey | TruthKey)[]).find((known) => nameOf(known) === name);
  if (key === undefined) throw unknown('peer', name, PEER_SETTINGS);
  if (PEER[key] === 'truth') return { [key]: truthIn(name, pattern) };
  const value = numberIn(name, pattern);
  if (key === 'packetSize' && (value < PACKET_SIZES.least || value > PACKET_SIZES.most)) {
    throw new RangeError(`${name} takes bytes, from ${PACKET_SIZES.least} to ${PACKET_SIZES.most}, found ${value}`);
  }
  return { [key]: value };
}

/**
 * One condition of the network between. Probabilities are in percent, times in milliseconds.
 * @throws {RangeError} saying what was found and what was expected
 */
export function networkSetting(name: string, pattern: Pattern): Partial<Conditions> {
  const key = (Object.keys(NETWORK) as (keyof Conditions)[]).find((known) => nameOf(known) === name);
  if (key === undefined) throw unknown('network', name, NETWORK_SETTINGS);
  const value = numberIn(name, pattern);
  const isChance = key === 'loss' || key === 'duplicate' || key === 'corrupt' || key === 'reorder';
  if (isChance && value > 100) throw new RangeError(`${name} takes percent, up to 100, found ${value}`);
  return { [key]: isChance ? value / 100 : value };
}

const unknown = (what: string, name: string, known: readonly string[]): RangeError =>
  new RangeError(`${what} has no setting ${name}${suggestion(name, known) || `, expected one of ${known.join(', ')}`}`);

function numberIn(name: string, pattern: Pattern): number {
  if (pattern.kind === 'is' && pattern.value.kind === 'number') return pattern.value.value;
  throw new RangeError(`${name} takes a whole number`);
}

/** @throws {RangeError} if the pattern is neither `true` nor `false` */
export function truthIn(name: string, pattern: Pattern): boolean {
  const value = pattern.kind === 'is' && pattern.value.kind === 'name' ? pattern.value.name : '';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new RangeError(`${name} takes true or false`);
}

function textIn(name: string, pattern: Pattern): Uint8Array {
  if (pattern.kind === 'is' && pattern.value.kind === 'text') return new TextEncoder().encode(pattern.value.text);
  throw new RangeError(`${name} takes a text in quotes`);
}
