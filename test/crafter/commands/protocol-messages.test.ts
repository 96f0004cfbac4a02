import { expect, test } from 'vitest';
import { craft } from '../../../crafter/commands/craft.js';
import type { CraftIo } from '../../../crafter/commands/craft-world.js';
import { MESSAGE_PROTOCOLS, messageWordsOf } from '../../../crafter/protocol-messages.js';
import { dissect } from '../../../dissectors/dissect.js';
import { liveReassembly } from '../../../dissectors/reassembly/reassembly.js';
import { fromHex, viewOf } from '../../../dissectors/wire/view.js';

/** What `craft` prints, or complains of. */
async function run(words: string): Promise<string> {
  let said = '';
  const refused = () => Promise.reject(new Error('not asked for'));
  const io = {
    print: (text: string) => {
      said += text;
    },
    complain: (text: string) => {
      said += text;
    },
    now: () => ({ seconds: 0, nanos: 0 }),
    saveFile: refused,
    send: refused,
    readFile: refused,
  } as unknown as CraftIo;
  await craft(words.split(' '), io);
  return said.trim();
}

const RAW_IPV4 = 228;
const layersOf = (hex: string): readonly string[] => {
  const bytes = fromHex(hex);
  const limit = { captured: bytes.length, wire: bytes.length };
  return dissect(viewOf(bytes), 0, limit, RAW_IPV4, 1, liveReassembly()).layers.map(({ name }) => name);
};

const AROUND: Readonly<Record<string, string>> = {
  tcp: '--layer ip',
  sctp: '--layer ip',
  hip: '--layer ip',
  tls: '--layer ip --layer tcp:dstport=443',
  ceph: '--layer ip --layer tcp:dstport=6789',
};
const ALL = MESSAGE_PROTOCOLS.flatMap((name) => (messageWordsOf(name) ?? []).map((word) => [name, word] as const));

test('every handshake of the page has messages that can be crafted', () => {
  expect(MESSAGE_PROTOCOLS).toEqual([
    'ceph',
    'dns',
    'dtls',
    'hip',
    'isakmp',
    'openvpn',
    'pppoed',
    'quic',
    'sctp',
    'stun',
    'tcp',
    'tls',
    'wg',
  ]);
});

test.each(ALL.filter(([name]) => name !== 'pppoed'))('craft %s %s makes such a message', async (name, word) => {
  const hex = await run(`${name} ${word} ${AROUND[name] ?? '--layer ip --layer udp'}`);
  expect(hex).toMatch(/^([0-9a-f]{2})+$/);
  expect(layersOf(hex)).toContain(name === 'quic' && word === 'handshake' ? 'udp' : name);
});

test.each([
  ['wg initiation --sender 7', /^0100000007000000/],
  ['tcp syn --dstport 80 --options mss:1400', /^0000005000000000000000006002ffff....000002040578$/],
  ['tcp syn-ack --flags SAE', /^000000000000000000000000505[0-9a-f]/],
  ['sctp cookie-echo --cookie cafe', /0a000006cafe0000$/],
  ['sctp init-ack --cookie cafe --initack-initiate-tag 7', /0200001a00000007.*00070006cafe0000$/],
  ['ikev2 cookie --notify-data cafe', /00004006cafe$/],
  ['paxos last', /^07/],
  ['wg hello', /^craft: wg "hello": expected one of its messages: initiation, response, cookie, data$/],
  ['wg initiation --counter 7', /^craft: wg: counter: a message of this type has no such field$/],
  ['wg initiation dns query', /^craft: dns query: stands alone/],
  ['new wg initiation', /^craft: wg initiation: stands alone/],
])('craft %s', async (words, expected) => {
  expect(await run(words)).toMatch(expected);
});
