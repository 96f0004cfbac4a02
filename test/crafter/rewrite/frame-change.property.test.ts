import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChannelRewriter } from '../../../crafter/channel-rewriter.js';
import { build } from '../../../crafter/part.js';
import { ipRule } from '../../../crafter/rewrite/address-rule.js';
import { anonymizer } from '../../../crafter/rewrite/anonymizer.js';
import { keyFrom } from '../../../crafter/rewrite/crypto-pan.js';
import { fieldChange } from '../../../crafter/rewrite/field-change.js';
import { changedFrame, type FrameChanges } from '../../../crafter/rewrite/frame-change.js';
import { relinked } from '../../../crafter/rewrite/link-change.js';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { toHex, viewOf } from '../../../dissectors/wire/view.js';
import { anyStack, NEW, OLD, type Stack } from './stacks.js';

const idle = () => new ChannelRewriter({ ids: new Map() });
const NOTHING: Omit<FrameChanges, 'channel'> = {
  addresses: [],
  ports: [],
  fields: [],
  repair: 'keep',
  fixLengths: false,
};
const words16 = (byte: string): string => new Array(8).fill(byte + byte).join(':');
const pairs: readonly (readonly [string, string])[] = [
  ['10.0.0.1', '192.0.2.9'],
  ['10.0.0.2', '198.51.100.7'],
  [words16('20'), words16('3a')],
  [words16('21'), words16('3b')],
];

const THERE: FrameChanges = {
  ...NOTHING,
  channel: idle(),
  addresses: pairs.map(([old, now]) => ipRule('any', `${old}=${now}`)),
  ports: [{ end: 'any', from: OLD.port, to: NEW.port }],
  fields: ['ip.ttl+=9', 'ipv6.hlim+=9'].map(fieldChange),
};
const BACK: FrameChanges = {
  ...NOTHING,
  channel: idle(),
  addresses: pairs.map(([old, now]) => ipRule('any', `${now}=${old}`)),
  ports: [{ end: 'any', from: NEW.port, to: OLD.port }],
  fields: ['ip.ttl-=9', 'ipv6.hlim-=9'].map(fieldChange),
};

/** The frames of a packet after a change, one after the other, as a capture has them. */
function changed(frames: readonly Uint8Array[], changes: FrameChanges, keep = Number.POSITIVE_INFINITY): Uint8Array[] {
  const reassembly = liveReassembly();
  return frames.map((whole, place) => {
    const bytes = whole.slice(0, keep);
    const limit = { captured: bytes.length, wire: whole.length };
    const dissection = dissect(viewOf(bytes), 0, limit, 1, place + 1, reassembly);
    return changedFrame(bytes, dissection, changes, { channels: 0, values: 0 });
  });
}

const framesOf = (stack: Stack, given: typeof OLD): Uint8Array[] => stack(given).map(build);

/** What is quoted keeps its hop limit: only what was sent has one that can be changed. */
const isQuoted = (frames: readonly Uint8Array[]): boolean =>
  frames.some((bytes) => {
    const limit = { captured: bytes.length, wire: bytes.length };
    return dissect(viewOf(bytes), 0, limit, 1, 1, liveReassembly()).layers.some(({ quoted }) => quoted);
  });

test('a packet of any layers is as if it had been built with other addresses, ports and hop limits', () => {
  fc.assert(
    fc.property(anyStack, (stack) => {
      const before = framesOf(stack, OLD);
      const quotes = isQuoted(before);
      const wanted = quotes
        ? { ...NEW, v4: { ...NEW.v4, ttl: OLD.v4.ttl }, v6: { ...NEW.v6, hlim: OLD.v6.hlim } }
        : NEW;
      const changes = quotes ? { ...THERE, fields: [] } : THERE;
      expect(changed(before, changes).map(toHex)).toEqual(framesOf(stack, wanted).map(toHex));
    }),
  );
});

test('what was changed comes back, byte for byte, also where the capture has cut it', () => {
  fc.assert(
    fc.property(anyStack, fc.integer({ min: 0, max: 200 }), (stack, keep) => {
      const before = framesOf(stack, OLD);
      const there = changed(before, THERE, keep);
      expect(changed(there, BACK).map(toHex)).toEqual(before.map((bytes) => toHex(bytes.slice(0, keep))));
    }),
  );
});

test('what was anonymized comes back with the key', () => {
  const hide: FrameChanges = { ...NOTHING, channel: idle(), anonymizer: anonymizer(keyFrom('key'), 'replace') };
  const show: FrameChanges = { ...NOTHING, channel: idle(), anonymizer: anonymizer(keyFrom('key'), 'restore') };
  fc.assert(
    fc.property(anyStack, (stack) => {
      const before = framesOf(stack, OLD);
      const hidden = changed(before, hide);
      expect(changed(hidden, show).map(toHex)).toEqual(before.map(toHex));
      // No address is left anywhere, in no tunnel and no quote.
      for (const bytes of hidden) {
        const hex = toHex(bytes);
        expect(hex.includes('0a000001') || hex.includes('20'.repeat(16))).toBe(false);
      }
    }),
    { numRuns: 40 },
  );
});

test('any bytes can be changed, and without a change stay what they are', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), fc.constantFrom(0, 1, 12, 101, 105, 113, 276), (bytes, linkType) => {
      const limit = { captured: bytes.length, wire: bytes.length };
      const dissection = dissect(viewOf(bytes), 0, limit, linkType, 1, liveReassembly());
      const misses = { channels: 0, values: 0 };
      expect(toHex(changedFrame(bytes, dissection, { ...NOTHING, channel: idle() }, misses))).toBe(toHex(bytes));
      expect(changedFrame(bytes, dissection, THERE, misses)).toHaveLength(bytes.length);
    }),
  );
});

test('tags that are added and taken out again leave a frame as it was', () => {
  const none = { addTags: [], dropTags: 0, tagIds: new Map(), macs: {} };
  const tags = [
    { id: 7, priority: 5, type: 0x88a8 },
    { id: 8, priority: 0, type: 0x8100 },
  ];
  fc.assert(
    fc.property(anyStack, (stack) => {
      for (const bytes of framesOf(stack, OLD)) {
        const limit = { captured: bytes.length, wire: bytes.length };
        const dissection = dissect(viewOf(bytes), 0, limit, 1, 1, liveReassembly());
        const frame = { bytes, wire: bytes.length, linkType: 1 };
        const tagged = relinked(frame, dissection, { ...none, addTags: tags });
        expect(tagged?.wire).toBe(bytes.length + 8);
        const bare = tagged && relinked(tagged, dissection, { ...none, dropTags: 2 });
        expect(bare && toHex(bare.bytes)).toBe(toHex(bytes));
      }
    }),
    { numRuns: 40 },
  );
});
