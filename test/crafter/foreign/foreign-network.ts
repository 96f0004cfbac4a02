import { type Inlet, type Making, Network, type Place } from '../../../crafter/link/network.js';
import { peerId } from '../../../crafter/peer-id.js';
import type { Script } from '../../../crafter/script/script.js';
import { PEER_PLACE } from '../../../crafter/script/virtual-play.js';
import { seeded } from '../../../crafter/seeded.js';
import type { Fault } from './faults.js';
import { ForeignPeer } from './peer.js';
import { DIALECTS } from './wire.js';

/** Where the id of the other peer stands in a packet, and its size in bytes. */
const RECIPIENT = 20;
const ID_SIZE = 16;

/** What the peer under test is to be. */
export interface Subject {
  readonly script: Script;
  readonly faults?: readonly Fault[];
  readonly caps: number;
  readonly input: readonly Buffer[];
  readonly refuses: boolean;
}

/**
 * A network in which another peer stands where a script has put the built-in one: that one hears nothing, and of what it
 * says only its wish for a channel counts, which the other peer then opens.
 */
export class ForeignNetwork extends Network {
  readonly #peer: ForeignPeer;
  readonly #subject: Subject;
  #hasOpened = false;

  constructor(making: Making, subject: Subject) {
    super(making);
    this.#subject = subject;
    const { script, faults = [], refuses } = subject;
    const { bytes } = seeded(making.seed ^ 0xf0e1);
    this.#peer = new ForeignPeer({
      dialect: DIALECTS[script.dialect.name],
      id: Buffer.from(
        script.remote === 'any' ? peerId(script.role === 'initiator' ? 'listener' : 'connector') : script.remote,
      ),
      random: (size) => Buffer.from(bytes(size)),
      now: 0,
      transmit: (to, sent) => super.send(PEER_PLACE, to, new Uint8Array(sent)),
      faults,
      refuses,
      echoes: script.echo,
      ...(script.remoteSecret && { secret: Buffer.from(script.remoteSecret) }),
    });
  }

  override attach(place: Place, inlet: Inlet): void {
    if (place !== PEER_PLACE) return super.attach(place, inlet);
    super.attach(place, (bytes, from, now) => {
      this.#peer.receive(Buffer.from(bytes), from, now);
      this.#wake();
    });
  }

  override send(from: Place, to: Place, bytes: Uint8Array): void {
    if (from !== PEER_PLACE) return super.send(from, to, bytes);
    if (this.#hasOpened || this.#subject.script.role === 'initiator') return;
    this.#hasOpened = true;
    const { caps, input } = this.#subject;
    const remote = Buffer.from(bytes.subarray(RECIPIENT, RECIPIENT + ID_SIZE));
    this.#peer.open({ remote, to, caps, input, closes: false }, this.now);
    this.#wake();
  }

  #wake(): void {
    const next = this.#peer.nextAlarm;
    if (next === Number.POSITIVE_INFINITY) return;
    this.at(next, (now) => {
      this.#peer.wake(now);
      this.#wake();
    });
  }
}
