import type { Layer } from '../../../dissectors/layer.js';
import { wgInitiation, wgStart } from '../../../dissectors/wg/layout.js';
import { bytesOfBase64 } from '../../../dissectors/wire/base64.js';
import { dropOldest } from '../../../dissectors/wire/drop-oldest.js';
import { toHex } from '../../../dissectors/wire/view.js';
import type { Handshake } from '../handshake.js';
import type { Step } from '../step.js';
import { keyName, type WgKeys, type WgPeer } from './keys.js';
import type { WgMemory } from './memory.js';
import { momentOfTai64n, type OpenedInitiation, openInitiation, type SharedSecret } from './noise.js';

/** Initiations that are opened of one capture: with a slow curve a hundred seconds. Beyond them mac1 alone is judged. */
const MOST_OPENED = 65_536;
/** Initiators whose newest time is remembered; the one that was quiet longest goes first. */
const MOST_INITIATORS = 4096;
/** Secrets of pairs of static keys, which stay the same. */
const MOST_SHARED = 1024;

/** Reads who asked, and when, out of initiations that a known private key opens. */
export class WgInitiators {
  private readonly keys: WgKeys;
  private readonly sharedSecret: SharedSecret;
  private opened = 0;
  /** The newest label of each initiator, which fits texts: labels are in the order of their hex digits. */
  private readonly newest = new Map<string, string>();
  private readonly shared = new Map<string, Uint8Array | undefined>();

  constructor(keys: WgKeys, sharedSecret: SharedSecret) {
    this.keys = keys;
    this.sharedSecret = sharedSecret;
  }

  /** Opens an initiation whose mac1 is valid, if a private key is known. */
  read(step: Step, layer: Layer, view: DataView, row: Handshake, memory: WgMemory): void {
    const { responder } = memory;
    if (!responder || memory.isForNobody || this.opened >= MOST_OPENED) return;
    const found = this.open(view, layer.at + wgStart.size, responder);
    if (!found) return;
    const { staticKey, timestamp } = found;
    memory.initiatorKey = staticKey;
    memory.initiatorPeer = this.keys.peerOf(staticKey);
    step.table.detail(row, 'initiator_key', memory.initiatorPeer?.name ?? keyName(staticKey));
    const moment = momentOfTai64n(timestamp);
    if (moment) step.table.detail(row, 'asked_at', isoTime(moment.seconds, moment.nanos));
    this.compare(step, layer, memory, `${toHex(responder.publicKey)}${toHex(staticKey)}`, toHex(timestamp));
  }

  private open(view: DataView, body: number, responder: WgPeer): OpenedInitiation | undefined {
    const { encrypted_static, encrypted_timestamp, ephemeral } = wgInitiation.fields;
    const publicKey = bytesOfBase64(ephemeral.read(view, body));
    const own = publicKey && this.keys.ephemeralOf(publicKey);
    if (!publicKey || (!responder.privateKey && !own)) return undefined;
    this.opened++;
    const sealed = {
      ephemeral: publicKey,
      sealedStatic: encrypted_static.read(view, body),
      sealedTimestamp: encrypted_timestamp.read(view, body),
    };
    const { privateKey } = responder;
    return openInitiation(sealed, responder.publicKey, {
      ephemeral: privateKey
        ? this.sharedSecret(privateKey, publicKey)
        : own && this.sharedSecret(own, responder.publicKey),
      statics: (staticKey) => this.sharedOf(responder, staticKey),
    });
  }

  /** The secret of two static keys, of which one private one is known. */
  private sharedOf(responder: WgPeer, staticKey: Uint8Array): Uint8Array | undefined {
    const key = `${toHex(responder.publicKey)}${toHex(staticKey)}`;
    if (this.shared.has(key)) return this.shared.get(key);
    const own = responder.privateKey ? undefined : this.keys.peerOf(staticKey)?.privateKey;
    const secret = responder.privateKey
      ? this.sharedSecret(responder.privateKey, staticKey)
      : own && this.sharedSecret(own, responder.publicKey);
    if (this.shared.size < MOST_SHARED) this.shared.set(key, secret);
    return secret;
  }

  /** A responder takes no initiation that is not later than all before. Source: WireGuard paper, section 5.1. */
  private compare(step: Step, layer: Layer, memory: WgMemory, pair: string, label: string): void {
    const newest = this.newest.get(pair);
    memory.isOld = newest !== undefined && label < newest;
    if (memory.isOld) step.note('wg-timestamp-old', layer);
    this.newest.delete(pair);
    this.newest.set(pair, newest !== undefined && newest > label ? newest : label);
    dropOldest(this.newest, MOST_INITIATORS);
  }
}

/** A moment as ISO 8601 has it; one that no calendar has, in seconds. */
function isoTime(seconds: number, nanos: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return `${seconds} s`;
  return `${date.toISOString().slice(0, 19)}.${`${nanos}`.padStart(9, '0')}Z`;
}
