import { fromHex, toHex } from '../../dissectors/wire/view.js';
import type { ChannelChanges } from '../channel-rewriter.js';
import type { AddressChange } from '../frame-rewriter.js';
import type { Pace } from '../io/pacing.js';
import { addressBytes } from '../ip-address.js';
import { peerId } from '../peer-id.js';
import { CraftError } from './craft-error.js';
import type { InjectOptions } from './inject-options.js';

/** How fast to send. */
export function paceOf({ speed = 1, rate, topspeed }: InjectOptions): Pace {
  if (topspeed) return { by: 'nothing' };
  return rate === undefined ? { by: 'capture', speed } : { by: 'rate', rate };
}

/** What is to become of channel packets. @throws {CraftError} for words that make no sense */
export function changesOf(
  options: Pick<InjectOptions, 'rewriteId' | 'secret' | 'initiatorSecret' | 'responderSecret'>,
): ChannelChanges {
  const { rewriteId, secret, initiatorSecret, responderSecret } = options;
  const both = secret === undefined ? undefined : secretFrom('--secret', secret);
  const initiator = initiatorSecret === undefined ? both : secretFrom('--initiator-secret', initiatorSecret);
  const responder = responderSecret === undefined ? both : secretFrom('--responder-secret', responderSecret);
  const ids = rewriteId.map((text): [string, Uint8Array] => {
    const [old, now] = pairOf(text);
    if (!old || !now) throw new CraftError(`--rewrite-id: ${text}: expected OLD=NEW, ids of peers`);
    return [toHex(peerId(old)), peerId(now)];
  });
  return {
    ids: new Map(ids),
    ...(initiator && { initiatorSecret: initiator }),
    ...(responder && { responderSecret: responder }),
  };
}

function secretFrom(option: string, text: string): Uint8Array {
  if (!/^([0-9a-f]{2})+$/i.test(text)) throw new CraftError(`${option}: expected an even number of hex digits`);
  return fromHex(text);
}

/** New addresses for frames. @throws {CraftError} for words that make no sense */
export function addressesOf({ rewriteSrc, rewriteDst }: InjectOptions): readonly AddressChange[] {
  const changes = (end: 'src' | 'dst', texts: readonly string[]): readonly AddressChange[] =>
    texts.map((text) => {
      const [old, now] = text.includes('=') ? pairOf(text) : [undefined, text];
      try {
        const to = addressBytes(now);
        const from = old === undefined ? undefined : addressBytes(old);
        if (from && from.length !== to.length) throw new RangeError("IPv4 and IPv6 cannot take each other's place");
        return { end, to, ...(from && { from }) };
      } catch (error) {
        if (error instanceof RangeError) throw new CraftError(`--rewrite-${end}: ${error.message}`);
        throw error;
      }
    });
  return [...changes('src', rewriteSrc), ...changes('dst', rewriteDst)];
}

function pairOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}
