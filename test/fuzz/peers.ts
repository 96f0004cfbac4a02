import { Host } from '../../crafter/link/host.js';
import { Network, type Place } from '../../crafter/link/network.js';
import type { Channel } from '../../crafter/peer/channel.js';
import { Peer } from '../../crafter/peer/peer.js';
import type { Settings } from '../../crafter/peer/settings.js';
import { type Seeded, seeded } from '../../crafter/seeded.js';
import { bitsOf, MODES, type Mode } from '../../dissectors/channel/capabilities.js';
import { DIALECTS } from '../../dissectors/channel/dialects.js';
import { crc32c } from '../../dissectors/wire/checksum.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { Broken } from './play.js';

const [ALICE_AT, BOB_AT, MALLORY_AT] = ['10.0.0.1:4242', '10.0.0.2:4242', '203.0.113.9:666'] as const;
const MESSAGES = 12;
const SIZE_OF_MESSAGE = 100;
/** The byte that each of them sends at a place of its stream. */
const sentAt = (place: number): number => Math.floor(place / SIZE_OF_MESSAGE);
/** Packets of others that an attacker has at hand. */
const MOST_STOLEN = 64;
/** Bytes of the header and the checksum, where its fields stand. Source: protocol page, section 2 "Packet". */
const [ENVELOPE, ID, SIZE, PRIVATE, PAYLOAD] = [52, 36, 42, 44, 48] as const;
/** When every timer of both peers is over, in milliseconds after the last packet of the attacker. */
const QUIET_AFTER = 400_000;

/** Bounds so small that an attack reaches them. */
const TIGHT: Partial<Settings> = {
  channels: 8,
  channelsOfRemote: 4,
  closedChannels: 6,
  pendingAttempts: 4,
  earlyAttempts: 4,
  heldEarly: 2,
  receiveBuffer: 4000,
  receiveMessages: 40,
};

/** What both peers are told to do, and what is done to them. */
interface Plan {
  readonly settings: Partial<Settings>;
  readonly mode: Mode;
  readonly channels: number;
  readonly early: boolean;
  /** Whether the attacker sees no packet of the two: then they must not even notice it. */
  readonly isBlind: boolean;
  readonly shots: number;
}

/** One of the two, with an application that sends, reads all, and closes. */
class Speaker {
  readonly host: Host;
  /** The bytes that were read of each channel, by its id. */
  readonly read = new Map<number, number[]>();
  readonly established: Channel[] = [];
  readonly ends: unknown[] = [];
  readonly #network: Network;

  constructor(network: Network, place: Place, id: Uint8Array, seed: number, settings: Partial<Settings>) {
    this.#network = network;
    const chance = seeded(seed);
    const peer = new Peer({ id, random: chance.bytes, now: network.now, settings });
    this.host = new Host(network, place, peer, (effect, now) => {
      if (effect.type === 'established') {
        this.established.push(effect.channel);
        this.#talk(effect.channel, now);
      } else if (effect.type === 'readable') this.#readAll(effect.channel, now);
      else if (effect.type === 'closed') this.ends.push(effect.reason);
      else if (effect.type === 'failed') this.ends.push(effect.why);
    });
  }

  /** Opens a channel to a place. */
  open(remote: Uint8Array, at: Place, { mode, early }: Plan): void {
    this.host.peer.open(remote, at, { capabilities: bitsOf(mode), early }, this.#network.now);
    this.host.flush();
  }

  #talk(channel: Channel, now: number): void {
    for (let number = 0; number < MESSAGES; number++) {
      this.host.peer.send(channel, new Uint8Array(SIZE_OF_MESSAGE).fill(number), now);
    }
    this.host.peer.close(channel, now);
  }

  #readAll(channel: Channel, now: number): void {
    const all = this.read.get(channel.id ?? -1) ?? [];
    this.read.set(channel.id ?? -1, all);
    for (let bytes = this.host.peer.read(channel, now); bytes; bytes = this.host.peer.read(channel, now)) {
      all.push(...bytes);
    }
  }
}

function planOf(chance: Seeded): Plan {
  const { name } = DIALECTS[chance.integer(DIALECTS.length)] as (typeof DIALECTS)[number];
  const isBlind = chance.chance(0.5);
  const isTight = !isBlind && chance.chance(0.5);
  return {
    settings: { dialect: name, ...(isTight && TIGHT) },
    mode: MODES[chance.integer(MODES.length)] as Mode,
    channels: 1 + chance.integer(3),
    early: chance.chance(0.3),
    isBlind,
    shots: 40 + chance.integer(120),
  };
}

/**
 * Lets an attacker loose on two peers: packets that it saw or was given, changed, cut, put together and sent again, in
 * its own name or another's. Checks what must hold whatever it does. @returns the packets that it sent
 * @throws {Broken}
 */
export function attackPeers(seed: number): number {
  const chance = seeded(seed);
  const plan = planOf(chance);
  const strangers = plan.isBlind ? conversationOf(seed + 1, { ...plan, shots: 0 }, chance).stolen : [];
  const { alice, bob, sent } = conversationOf(seed, plan, chance, strangers);
  if (plan.isBlind) checkUnharmed(alice, bob, plan);
  return sent;
}

/** Plays one conversation. @param given packets that the attacker has from elsewhere */
function conversationOf(seed: number, plan: Plan, chance: Seeded, given: readonly Uint8Array[] = []) {
  const stolen: Uint8Array[] = [...given];
  let total = 0;
  let toMallory = 0;
  let fromMallory = 0;
  const network = new Network({
    seed,
    conditions: { delay: 10, jitter: 5, duplicate: 0.02, reorder: 0.05, ...(!plan.isBlind && { loss: 0.05 }) },
    observer: ({ fate, bytes, to, from }) => {
      if (fate !== 'sent') return;
      total++;
      if (to === MALLORY_AT) toMallory += bytes.length;
      const sees = !plan.isBlind || plan.shots === 0;
      if (sees && from !== MALLORY_AT)
        stolen[stolen.length < MOST_STOLEN ? stolen.length : total % MOST_STOLEN] = bytes;
    },
  });
  const ids = seeded(seed ^ 0x5eed);
  const [aliceId, bobId] = [ids.bytes(16), ids.bytes(16)];
  const alice = new Speaker(network, ALICE_AT, aliceId, seed * 2 + 1, plan.settings);
  const bob = new Speaker(network, BOB_AT, bobId, seed * 2 + 2, plan.settings);
  for (let count = 0; count < plan.channels; count++) alice.open(bobId, BOB_AT, plan);
  for (let shot = 0; shot < plan.shots; shot++) {
    network.at(chance.integer(2500), () => {
      const bytes = shotOf(stolen, chance);
      const to = chance.chance(0.6) ? BOB_AT : ALICE_AT;
      const spoofed = chance.chance(plan.isBlind ? 0.1 : 0.5);
      const from = spoofed ? (plan.isBlind ? '198.51.100.1:1' : to === BOB_AT ? ALICE_AT : BOB_AT) : MALLORY_AT;
      if (!spoofed) fromMallory += bytes.length;
      network.inject(from, to, bytes);
      checkSizes(alice.host.peer, 'alice');
      checkSizes(bob.host.peer, 'bob');
      if (toMallory > fromMallory) throw new Broken('no amplification', `${toMallory} bytes for ${fromMallory}`);
    });
  }
  // What they send may take its time, but they must come to an end.
  network.run(2500);
  const before = total;
  network.run(network.now + QUIET_AFTER);
  if (total - before > 20_000) throw new Broken('no loops', `${total - before} packets after the last of the attacker`);
  if (network.waiting > 0 && total > before) {
    const last = total;
    network.run(network.now + QUIET_AFTER);
    if (total > last) throw new Broken('no loops', `${total - last} packets long after the last of the attacker`);
  }
  for (const channel of bob.established) {
    if (String(channel.remote.id) === String(aliceId)) continue;
    throw new Broken('no state without a proof', `a channel with ${Buffer.from(channel.remote.id).toString('hex')}`);
  }
  return { alice, bob, stolen, sent: plan.shots };
}

/** A packet that an attacker makes: one it has, changed. */
function shotOf(stolen: readonly Uint8Array[], chance: Seeded): Uint8Array {
  const template = stolen[chance.integer(stolen.length)] ?? chance.bytes(80);
  let bytes = template.slice();
  for (let edits = chance.integer(4); edits > 0; edits--) bytes = edited(bytes, stolen, chance);
  const view = viewOf(bytes);
  if (bytes.length < ENVELOPE) return bytes;
  if (chance.chance(0.8)) view.setUint16(SIZE, Math.min(bytes.length, 0xffff));
  if (chance.chance(0.7)) view.setUint16(PRIVATE + 2, Math.min(bytes.length, 0xffff) - ENVELOPE);
  if (chance.chance(0.9)) view.setUint32(bytes.length - 4, crc32c(view, 0, bytes.length - 4));
  return bytes;
}

function edited(
  bytes: Uint8Array<ArrayBuffer>,
  stolen: readonly Uint8Array[],
  chance: Seeded,
): Uint8Array<ArrayBuffer> {
  const { length } = bytes;
  const other = stolen[chance.integer(stolen.length)] ?? bytes;
  const body = PAYLOAD + chance.integer(Math.max(1, length - ENVELOPE));
  const flip = (at: number): void => {
    if (at < length) bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.integer(8));
  };
  switch (chance.integer(8)) {
    case 0:
      flip(chance.integer(length + 1));
      return bytes;
    case 1:
      // Another sender, or another recipient.
      bytes.set(chance.bytes(16).subarray(0, Math.max(0, length - 20)), Math.min(length, chance.chance(0.7) ? 4 : 20));
      return bytes;
    case 2:
      // Another channel, another number.
      flip(ID + chance.integer(4));
      flip(PRIVATE + chance.integer(2));
      return bytes;
    case 3:
      if (body < length) bytes[body] = [0, 0x7f, 0x80, 0xff][chance.integer(4)] ?? 0;
      return bytes;
    case 4:
      return bytes.slice(0, chance.integer(length + 1));
    case 5: {
      const more = new Uint8Array(chance.chance(0.1) ? 60_000 : chance.integer(400));
      return Uint8Array.from([...bytes, ...more]);
    }
    case 6:
      // The messages of another packet.
      return Uint8Array.from([...bytes.subarray(0, PAYLOAD), ...other.subarray(PAYLOAD)]);
    default:
      // Messages of both.
      return Uint8Array.from([...bytes.subarray(0, Math.max(0, length - 4)), ...other.subarray(PAYLOAD)]);
  }
}

/** Checks that what a peer remembers stays within its settings. @throws {Broken} */
function checkSizes({ sizes, settings, kept }: Peer, who: string): void {
  const most = (what: string, size: number, bound: number): void => {
    if (size > bound) throw new Broken('memory is bounded', `${who}: ${size} ${what}, ${bound} are allowed`);
  };
  most('channels', sizes.channels, settings.channels);
  most('closed channels', sizes.closedChannels, settings.closedChannels);
  most('pending attempts', sizes.pending, settings.pendingAttempts);
  most('attempts with early data', sizes.early, settings.earlyAttempts);
  most('bytes kept', kept.bytes, settings.receiveBufferOfAll);
  most('messages kept', kept.messages, settings.receiveMessagesOfAll);
}

/** Checks that two peers whose packets the attacker has not seen had all their channels as if it were not there. */
function checkUnharmed(alice: Speaker, bob: Speaker, { channels, mode, settings }: Plan): void {
  if (settings.dialect === 'channeler') return;
  if (bob.established.length < channels || alice.established.length < channels) {
    throw new Broken('honest handshakes complete', `${bob.established.length} of ${channels} in ${mode}`);
  }
  if (mode !== 'tcp') return;
  for (const [who, { read }] of Object.entries({ alice, bob })) {
    for (const numbers of read.values()) {
      const isWhole =
        numbers.length === MESSAGES * SIZE_OF_MESSAGE && numbers.every((one, place) => one === sentAt(place));
      if (!isWhole) throw new Broken('honest data arrives', `${who} read ${numbers.length} bytes`);
    }
  }
}
