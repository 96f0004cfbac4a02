import fc from 'fast-check';
import { expect, test } from 'vitest';
import { STATES } from '../../../analyzer/track/channel.js';
import { cookiesOf } from '../../../analyzer/track/cookie-fields.js';
import { seeded } from '../../../crafter/seeded.js';
import { DIALECTS } from '../../../dissectors/channel/dialects.js';
import { DEFAULT_CHANNEL } from '../../../dissectors/channel/packet.js';
import { plus } from '../../../dissectors/channel/sequence.js';
import { crc32c } from '../../../dissectors/wire/checksum.js';
import { textOf } from '../../../dissectors/wire/finding.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { ALICE, BOB, BOTH, countsOf, dissectBytes, establish, Kit, Watch } from './watch.js';

/** Gives damaged bytes a right checksum again, so that the damage is looked at. */
function mend(bytes: Uint8Array): Uint8Array {
  const view = viewOf(bytes);
  const end = bytes.length - 4;
  if (end > 0) view.setUint32(end, crc32c(view, 0, end));
  return bytes;
}

const carol = new Uint8Array(16).fill(0xca);

/** A packet of a conversation among three peers with few halves: most of them say something about others. */
function randomPacket({ integer, chance, bytes }: ReturnType<typeof seeded>): Uint8Array {
  const dialect = DIALECTS[integer(4)]?.name ?? 'hmac';
  const peers = [ALICE, BOB, carol];
  const kit = new Kit({
    dialect,
    id: ((integer(3) + 1) << 16) | (integer(3) + 1),
    initiator: peers[integer(3)] ?? ALICE,
    responder: peers[integer(3)] ?? BOB,
    s1: integer(3),
    s2: integer(3),
  });
  const side = chance(0.5) ? 'initiator' : 'responder';
  const numbered = dialect !== 'channeler';
  const hasCookie = dialect !== 'seqno';
  const makers = [
    () => kit.new(),
    () => kit.acknowledge(),
    () => kit.acknowledge(hasCookie ? { cookie1: bytes(dialect === 'channeler' ? 4 : 16) } : { ack: 9 }),
    () => kit.finalize(),
    () => kit.data(side, integer(chance(0.9) ? 8 : 65_536)),
    () =>
      kit.packet(side, [kit.newMessage(), kit.finalizeMessage(), kit.acknowledgeMessage()], { id: DEFAULT_CHANNEL }),
    ...(hasCookie ? [() => kit.early(side, integer(4))] : []),
    ...(numbered
      ? [
          () => kit.close(side, integer(8), integer(6)),
          () => kit.progress(side, integer(8), integer(0x1_0000_0000)),
          () => kit.window(side),
        ]
      : []),
  ];
  const packet = makers[integer(makers.length)]?.() ?? kit.new();
  if (chance(0.1)) packet[integer(packet.length)] = integer(256);
  return chance(0.8) ? mend(packet) : packet;
}

/** What must hold of every channel, whatever came. */
function check(watch: Watch): void {
  for (const channel of watch.channels) {
    expect(STATES).toContain(channel.state);
    expect(channel.first).toBeGreaterThan(0);
    expect(channel.last).toBeGreaterThanOrEqual(channel.first);
    for (const rtt of [channel.rttNewAcknowledge, channel.rttAcknowledgeFinalize])
      expect(rtt ?? 0).toBeGreaterThanOrEqual(0);
    for (const direction of [channel.fromInitiator, channel.fromResponder]) {
      if (!direction) continue;
      for (const count of Object.values(countsOf(direction))) expect(count).toBeGreaterThan(0);
      const { packets, duplicates, reordered, resent, dataPackets } = direction;
      expect(duplicates + reordered + resent).toBeLessThanOrEqual(packets);
      expect(dataPackets).toBeLessThanOrEqual(packets);
    }
  }
}

test('random conversations, whole and damaged, in any order and at any time, break nothing', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = seeded(seed);
      const watch = new Watch(random.chance(0.5) ? BOTH : '', { halfOpen: 5, channels: 10 });
      let ms = 0;
      for (let at = 0; at < 120; at++) {
        ms += random.chance(0.05) ? random.integer(60_000) - 20_000 : random.integer(300);
        const bytes = randomPacket(random);
        const kept = random.chance(0.1) ? random.integer(bytes.length + 1) : bytes.length;
        const dissection = dissectBytes(bytes, at + 1, kept);
        const { channels, findings, verdicts } = watch.tracker.fold(
          dissection,
          Math.floor(ms / 1000),
          (ms % 1000) * 1e6,
        );
        // A verdict for each cookie, in their order; findings of numbers only, within the packet.
        expect(verdicts.length).toBe(cookiesOf(dissection).length);
        expect(new Set(channels.map(({ number }) => number)).size).toBe(channels.length);
        for (const finding of findings) {
          expect(finding.given.every((one) => typeof one === 'number')).toBe(true);
          expect(finding.start >= 0 && finding.start <= finding.end && finding.end <= bytes.length).toBe(true);
          textOf(finding);
        }
        expect(watch.channels.length).toBeLessThanOrEqual(15);
      }
      check(watch);
    }),
    { numRuns: 50 },
  );
});

test('random bytes after a protocol id break nothing', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), fc.integer({ min: 0, max: 3 }), (bytes, place) => {
      const watch = new Watch(BOTH);
      const packet = new Uint8Array(bytes.length + 4);
      packet.set(bytes, 4);
      viewOf(packet).setUint32(0, DIALECTS[place]?.protocolId ?? 0);
      watch.see(0, packet);
      watch.see(1, mend(packet));
      check(watch);
    }),
    { numRuns: 500 },
  );
});

/** A packet of a stream: its place in it, and when it is seen. */
interface Arrival {
  readonly offset: number;
  readonly ms: number;
}

/** Where a stream is sent and what becomes of it: lost, late, twice, or sent again after a while. */
function arrivals({ integer, chance }: ReturnType<typeof seeded>, resends: boolean): readonly Arrival[] {
  const all: Arrival[] = [];
  const count = 50 + integer(400);
  const [loss, late, twice] = [integer(20) / 100, integer(20) / 100, integer(20) / 100];
  for (let offset = 0; offset < count; offset++) {
    const ms = 100 + 2 * offset;
    const seen = !chance(loss);
    if (seen) all.push({ offset, ms: ms + (chance(late) ? 1 + integer(60) : 0) });
    if (seen && chance(twice)) all.push({ offset, ms: ms + integer(60) });
    // A timer of 200 ms or more, doubled: nothing of the network takes that long.
    if (resends && !seen && chance(0.8)) all.push({ offset, ms: ms + 200 + integer(100) });
    if (resends && seen && chance(0.05)) all.push({ offset, ms: ms + 200 + integer(100) });
  }
  // In the order of their times, with what was sent first before what came at the same time.
  return all
    .map((one, at) => [one, at] as const)
    .sort(([a, i], [b, k]) => a.ms - b.ms || i - k)
    .map(([one]) => one);
}

/** The counts of a stream, straight from what they mean. */
function reference(seen: readonly Arrival[], resends: boolean) {
  const counts = { packets: 0, dup: 0, lost: 0, reord: 0, resent: 0 };
  let highest = -1;
  const known = new Set<number>();
  /** When each number came, or a later one. */
  const since = new Map<number, number>();
  for (const { offset, ms } of seen) {
    counts.packets++;
    for (let one = highest + 1; one <= offset; one++) since.set(one, ms);
    const isLong = resends && ms - (since.get(offset) ?? ms) >= 100;
    if (offset <= highest) {
      if (isLong) counts.resent++;
      else if (known.has(offset)) counts.dup++;
      else counts.reord++;
    }
    known.add(offset);
    highest = Math.max(highest, offset);
  }
  for (let one = 0; one < highest; one++) if (!known.has(one)) counts.lost++;
  return counts;
}

test.each(['udp', 'tcp'] as const)(
  'the counts of a %s stream are what they mean, whatever became of its packets',
  (mode) => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: 0xffff }), (seed, start) => {
        const kit = new Kit({ dialect: 'seqno', mode, s1: start });
        const watch = new Watch();
        establish(watch, kit);
        const seen = arrivals(seeded(seed), mode === 'tcp');
        for (const { offset, ms } of seen) watch.see(ms, kit.data('initiator', offset));
        const { packets, dup, lost, reord, resent } = reference(seen, mode === 'tcp');
        const bytes = { bytes: 64 * packets, data: packets, dataBytes: 10 * packets };
        const expected = { packets, ...bytes, dup, lost, reord, resent };
        expect(watch.rows[0]?.out).toEqual(
          Object.fromEntries(Object.entries(expected).filter(([, count]) => count > 0)),
        );
        expect(plus(start, 1)).toBe(kit.start('initiator'));
      }),
      { numRuns: 60 },
    );
  },
);
