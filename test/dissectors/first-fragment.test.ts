import { expect, test } from 'vitest';
import { channelPacket, data } from '../../crafter/channel-part.js';
import { ipv4Fragments, ipv6Fragments } from '../../crafter/network-part.js';
import { announced, build, type Part } from '../../crafter/part.js';
import { sctp, sctpData, tcp, udp } from '../../crafter/transport-part.js';
import { dialectNamed } from '../../dissectors/channel/dialects.js';
import { type Dissection, dissect } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { viewOf } from '../../dissectors/wire/view.js';

const RAW_IP = 101;
const FRAGMENT = 512;
const KEPT = 160;
const ADDRESS_6 = { src: new Uint8Array(16).fill(1), dst: new Uint8Array(16).fill(2) };
const PORTS = { srcport: 1000, dstport: 4242 };

const hmac = dialectNamed('hmac');
const channel = channelPacket(hmac, { sender: new Uint8Array(16).fill(3), id: 0x1a2b3c4d }, [
  data(hmac, new Uint8Array(1100)),
]);
const other = announced({ protocol: 253 }, { size: channel.size, write: channel.write });

/** Ways to carry the channel packet, and the layers that each makes. */
const TRANSPORTS: readonly (readonly [name: string, payload: Part, layers: readonly string[]])[] = [
  ['UDP', udp(PORTS, channel), ['udp', 'chan']],
  ['TCP', tcp(PORTS, channel), ['tcp', 'chan']],
  ['SCTP', sctp(PORTS, [sctpData({}, channel)]), ['sctp', 'chan']],
  ['nothing', other, ['chan']],
];

const cut = (fragments: readonly Part[], kept = KEPT): readonly Dissection[] => {
  const reassembly = liveReassembly();
  return fragments.map((fragment, place) => {
    const bytes = build(fragment);
    const limit = { captured: Math.min(kept, bytes.length), wire: bytes.length };
    return dissect(viewOf(bytes.slice(0, kept)), 0, limit, RAW_IP, place + 1, reassembly);
  });
};

const namesOf = ({ layers }: Dissection): readonly string[] => layers.map(({ name }) => name);

test.each(TRANSPORTS)(
  'the first fragment of a datagram of %s that the capture cut shows what it is of',
  (_, payload, names) => {
    for (const [network, fragments] of [
      ['ip', ipv4Fragments({ src: 0x0a000001, dst: 0x0a000002 }, payload, FRAGMENT)],
      ['ipv6', ipv6Fragments(ADDRESS_6, 7, payload, FRAGMENT)],
    ] as const) {
      const [first, ...rest] = cut(fragments);
      expect(first && namesOf(first)).toEqual([network, ...names]);
      expect(first?.channels).toMatchObject([
        { id: 0x1a2b3c4d, size: channel.size, checksumStatus: 'unverified', stop: undefined },
      ]);
      expect(first?.channels[0]?.messages).toMatchObject([{ kind: { name: 'DATA' }, stop: { why: 'truncated' } }]);
      expect(new Set(first?.findings.map(({ code }) => code))).toEqual(new Set(['truncated']));
      for (const next of rest) expect(namesOf(next)).toEqual([network, 'data']);
    }
  },
);

test.each(TRANSPORTS)(
  'fragments of a datagram of %s that were captured whole are still put together',
  (_, payload, names) => {
    const fragments = cut(ipv4Fragments({ src: 0x0a000001, dst: 0x0a000002 }, payload, FRAGMENT), 1000);
    expect(fragments.map(namesOf)).toEqual([
      ['ip', 'data'],
      ['ip', 'data'],
      ['ip', ...names],
    ]);
  },
);

test('the first fragment that was cut in the header of UDP still shows its ports', () => {
  const [first] = cut(ipv4Fragments({}, udp(PORTS, channel), FRAGMENT), 24);
  expect(first && namesOf(first)).toEqual(['ip', 'udp']);
  expect(first?.layers.at(-1)?.stop).toMatchObject({ why: 'truncated', what: 'udp' });
});
