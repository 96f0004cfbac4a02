import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { forgedEnd } from '../../../crafter/commands/forge-end.js';
import { arrivalOf } from '../../../crafter/frames/arrival.js';
import type { ForgedEnd } from '../../../crafter/frames/forged-end.js';
import { answer, question } from '../../../crafter/frames/neighbours.js';
import { ipv4, ipv6 } from '../../../crafter/network-part.js';
import { build, type Part, raw } from '../../../crafter/part.js';
import { icmp, icmpv6 } from '../../../crafter/transport-part.js';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { fromHex, viewOf } from '../../../dissectors/wire/view.js';

const OWN_MAC = fromHex('020000000001');
const OTHER_MAC = fromHex('020000000002');
const PAYLOAD = fromHex('99838caa00');

/** What a frame means for an end. */
function meaning(frame: Part | Uint8Array, end: ForgedEnd) {
  const bytes = frame instanceof Uint8Array ? frame : build(frame);
  const limit = { captured: bytes.length, wire: bytes.length };
  return arrivalOf(dissect(viewOf(bytes), 0, limit, end.linkType, 1, liveReassembly()), end);
}

const ends = {
  'over IPv4': [['eth'], 'ip:src=192.0.2.9,dst=192.0.2.1', 'ip:src=192.0.2.1,dst=192.0.2.9'],
  'over IPv6': [['eth'], 'ipv6:src=2001:db8::9,dst=2001:db8::1', 'ipv6:src=2001:db8::1,dst=2001:db8::9'],
  'over IPv4 with a tag': [['eth', 'vlan:id=19'], 'ip:src=192.0.2.9,dst=192.0.2.1', 'ip:src=192.0.2.1,dst=192.0.2.9'],
  'over IPv6 with two tags': [
    ['eth', 'vlan:id=19', 'vlan:id=20'],
    'ipv6:src=2001:db8::9,dst=2001:db8::1',
    'ipv6:src=2001:db8::1,dst=2001:db8::9',
  ],
} as const;

describe.each(Object.entries(ends))('an end %s', (_, [link, ours, theirs]) => {
  const end = forgedEnd([...link, ours, 'udp:srcport=7,dstport=4242']);
  const other = forgedEnd([...link, theirs, 'udp:srcport=4242,dstport=7']);
  const macs = { src: OWN_MAC, dst: OTHER_MAC };

  test('gets what the other end sends to one of its ports', () => {
    expect(meaning(other.datagram(raw(PAYLOAD), 1, macs), end)).toEqual({ type: 'datagram', via: 1, bytes: PAYLOAD });
    const toSecond = forgedEnd([...link, theirs, 'udp:srcport=4242,dstport=8']);
    expect(meaning(toSecond.datagram(raw(PAYLOAD), 1, macs), end)).toMatchObject({ type: 'datagram', via: 2 });
    expect(meaning(other.datagram(raw(new Uint8Array()), 1, macs), end)).toMatchObject({ bytes: new Uint8Array() });
  });

  test('sends from its second port what it sends via 2', () => {
    const second = forgedEnd([...link, theirs, 'udp:srcport=4242,dstport=8']);
    expect(meaning(end.datagram(raw(PAYLOAD), 2, macs), second)).toMatchObject({ type: 'datagram', via: 1 });
  });

  test('has nothing to do with its own frames, and with those of others', () => {
    const frames = [
      end.datagram(raw(PAYLOAD), 1, macs),
      question(end, OWN_MAC),
      answer(end, OWN_MAC, { mac: OTHER_MAC, address: end.remoteAddress }),
      other.datagram(raw(PAYLOAD), 2, macs),
      forgedEnd([...link, theirs.replace(/9$/, '8'), 'udp:srcport=4242,dstport=7']).datagram(raw(PAYLOAD), 1, macs),
      forgedEnd([...link, theirs.replace(/1,/, '2,'), 'udp:srcport=4242,dstport=7']).datagram(raw(PAYLOAD), 1, macs),
    ];
    expect(frames.map((frame) => meaning(frame, end))).toEqual(frames.map(() => undefined));
  });

  test('is asked for its address by the other end, and tells it', () => {
    const asked = meaning(question(other, OTHER_MAC), end);
    expect(asked).toEqual({ type: 'question', asker: { mac: OTHER_MAC, address: end.remoteAddress } });
    if (asked?.type !== 'question') throw new Error('no question');
    const frame = answer(end, OWN_MAC, asked.asker);
    expect(meaning(frame, other)).toEqual({ type: 'answer', mac: OWN_MAC });
    // Nothing is wrong with it for those who look at all of it.
    const bytes = build(frame);
    const limit = { captured: bytes.length, wire: bytes.length };
    expect(dissect(viewOf(bytes), 0, limit, end.linkType, 1, liveReassembly()).findings).toEqual([]);
  });

  test('does not answer who asks whether its address is free', () => {
    const unset = theirs.replace(/src=[^,]*/, theirs.startsWith('ipv6') ? 'src=::' : 'src=0.0.0.0');
    const free = forgedEnd([...link, unset, 'udp:srcport=4242,dstport=7']);
    expect(meaning(question(free, OTHER_MAC), end)).toBeUndefined();
  });

  test('learns that what it has sent did not arrive', () => {
    const sent = build(end.datagram(raw(PAYLOAD), 2, macs)).subarray(14 + 4 * (link.length - 1));
    const [src, dst] = [end.remoteAddress, end.localAddress];
    const complaint = (quoted: Uint8Array): Part =>
      src.length === 16
        ? other.onLink(
            ipv6({ src, dst }, icmpv6({ type: 1, code: 4 }, raw(Buffer.concat([Buffer.alloc(4), quoted])))),
            macs,
          )
        : other.onLink(
            ipv4(
              { src: viewOf(src).getUint32(0), dst: viewOf(dst).getUint32(0) },
              icmp({ type: 3, code: 3 }, raw(Buffer.concat([Buffer.alloc(4), quoted]))),
            ),
            macs,
          );
    expect(meaning(complaint(sent), end)).toEqual({ type: 'unreachable', via: 2, why: 'port unreachable' });
    const others = build(other.datagram(raw(PAYLOAD), 1, macs)).subarray(14 + 4 * (link.length - 1));
    expect(meaning(complaint(others), end)).toBeUndefined();
  });

  test('survives frames that are cut or bent', () => {
    const frames = [other.datagram(raw(PAYLOAD), 1, macs), question(other, OTHER_MAC)].map(build);
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat(200), fc.nat(200), fc.nat(255), (frame, cut, place, value) => {
        const bent = frame.slice(0, cut);
        if (place < bent.length) bent[place] = value;
        expect([undefined, 'datagram', 'question', 'answer', 'unreachable']).toContain(meaning(bent, end)?.type);
      }),
    );
  });
});

describe('layers that make no end are refused', () => {
  test.for([
    [[], /^-i: needs layers of the interface, then ip or ipv6, then udp; such as --layer eth /],
    [['eth', 'ip:src=192.0.2.1,dst=192.0.2.2', 'tcp:srcport=1,dstport=2'], /then udp/],
    [['eth', 'udp', 'ip:src=192.0.2.1,dst=192.0.2.2', 'udp:srcport=1,dstport=2'], /^-i: needs layers of the interface/],
    [['eth', 'ip:dst=192.0.2.2', 'udp:srcport=1,dstport=2'], /^--layer ip: needs src; /],
    [['eth', 'ipv6:src=::2', 'udp:srcport=1,dstport=2'], /^--layer ipv6: needs dst; /],
    [['eth', 'ip:src=192.0.2.1,dst=192.0.2.2', 'udp:srcport=1'], /^--layer udp: needs dstport; /],
    [['vlan:id=1', 'ip:src=192.0.2.1,dst=192.0.2.2', 'udp:srcport=1,dstport=2'], /^--layer vlan: no capture starts/],
  ] as const)('%j', ([layers, why]) => {
    expect(() => forgedEnd(layers)).toThrow(why);
  });
});

test('what is given goes out as given', () => {
  const end = forgedEnd([
    'eth:src=02:00:00:00:00:09,type=0x1234',
    'ip:src=192.0.2.9,dst=192.0.2.1,ttl=3,checksum=0xbad',
    'udp:srcport=7,dstport=4242,checksum=0xbad',
  ]);
  const bytes = build(end.datagram(raw(PAYLOAD), 1, { src: OWN_MAC, dst: OTHER_MAC }));
  expect(Buffer.from(bytes.subarray(0, 14)).toString('hex')).toBe('0200000000020200000000091234');
  const view = viewOf(bytes);
  expect([view.getUint8(22), view.getUint16(24), view.getUint16(40)]).toEqual([3, 0xbad, 0xbad]);
  // A question for the other end must be understood.
  expect(viewOf(build(question(end, OWN_MAC))).getUint16(12)).toBe(0x0806);
});
