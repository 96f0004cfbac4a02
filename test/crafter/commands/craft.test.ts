import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { craft } from '../../../crafter/commands/craft.js';
import type { CraftIo } from '../../../crafter/commands/craft-world.js';
import { valueFrom } from '../../../crafter/commands/field-value.js';
import { cookieKey } from '../../../dissectors/channel/cookie.js';
import { dialectNamed } from '../../../dissectors/channel/dialects.js';
import { dissectChannel } from '../../../dissectors/channel/dissect.js';
import { u16 } from '../../../dissectors/wire/field.js';
import { layout } from '../../../dissectors/wire/layout.js';
import { decode } from '../../../dissectors/wire/message.js';
import { fromHex, toHex, viewOf } from '../../../dissectors/wire/view.js';
import { readAll } from '../../dissectors/file/read-all.js';

const packets: { name: string; dialect: string; hex: string }[] = JSON.parse(
  readFileSync(new URL('../../../fixtures/vectors.json', import.meta.url), 'utf8'),
).packet.packets;
const vector = (dialect: string, name: string) =>
  packets.find((packet) => packet.dialect === dialect && packet.name === name)?.hex ?? '';

const ALICE = 'ae158b4d9abb57473f39a13a990f1680';
const BOB = '6d44289d20df765f1ceb7605db50ed8e';
const ALICE_SECRET = 'e6b7373221eaaffe8404707314483cd36c979e3b6082605a6ca9deff86621fde';
const BOB_SECRET = 'cfb9ef0dd8c4fccdc5b5592c2c94ed15413b0d8e6ca5b5c92b2bb698eb660138';

/** Runs `craft` in a world that remembers what was asked of it. */
async function run(words: string, captured: Record<string, { hex: string; linkType: number }> = {}) {
  const world = { printed: '', problems: [] as string[], files: {} as Record<string, string>, sent: [] as string[] };
  const io: CraftIo = {
    print: (text) => {
      world.printed += text;
    },
    complain: (problem) => world.problems.push(problem),
    now: () => ({ seconds: 1, nanos: 2 }),
    saveFile: async (path, bytes) => {
      world.files[path] = toHex(bytes);
    },
    send: async ({ to, bytes, linkType, count, rate, yes }) => {
      const where = to.to === 'udp' ? `${to.host} ${to.port}` : `${to.name} link ${linkType}`;
      const how = `${count} times${rate === undefined ? '' : ` at ${rate}`}${yes ? ' yes' : ''}`;
      world.sent.push(`${where} ${how} ${toHex(bytes)}`);
    },
    headOf: async (path) =>
      world.files[path] === undefined ? undefined : fromHex(world.files[path] ?? '').slice(0, 28),
    appendFile: async (path, bytes) => {
      world.files[path] += toHex(bytes);
    },
    readFile: async (path) => new TextEncoder().encode(`what is in ${path}`),
    openPort: () => Promise.reject(new Error('no network')),
    readPacket: async (path, number) => {
      const found = captured[`${path} ${number}`];
      return found && { bytes: fromHex(found.hex), linkType: found.linkType };
    },
  };
  // Words in single quotes stay together, as in a shell.
  const argv = [...words.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  const status = await craft(argv, io);
  return { status, ...world };
}

/** The packets of a capture file in hex, and the secrets that travel in it. */
function scan(file: string) {
  const { rows, log } = readAll(fromHex(file));
  const inside = log.events.flatMap((event) =>
    event.type === 'secrets' ? [new TextDecoder().decode(event.bytes)] : [],
  );
  return { scanned: rows.map(({ bytes }) => bytes), secretsInside: inside.join('') };
}

const peers = `--from ${ALICE} --to ${BOB}`;
const back = `--from ${BOB} --to ${ALICE}`;
const secrets = `--initiator-secret ${ALICE_SECRET} --responder-secret ${BOB_SECRET}`;

test.each([
  ['hmac', 'new', `new ${peers} --c1 1a2b --secret ${ALICE_SECRET}`],
  ['hmac', 'acknowledge', `ack ${back} --id 1a2b3c4d ${secrets}`],
  ['hmac', 'finalize', `finalize ${peers} --id 1a2b3c4d --secret ${BOB_SECRET} --mode tcp`],
  [
    'hmac',
    'cookie and data',
    `cookie data early --id 1a2b3c4d ${peers} ${secrets} --mode streaming-2 --sequence 0x4416`,
  ],
  ['hmac', 'two handshakes in one packet', `new --c1 1a2b new --c1 1a2c ${peers} ${secrets} --padded-to 256`],
  ['hmac', 'progress and window', `progress 0x1234 --received 5 window 256 --id 1a2b3c4d ${back} --sequence 60026`],
  ['hmac', 'close', `close loss --id 1a2b3c4d ${back} --sequence=9`],
  ['hmac-newcaps', 'new', `new --dialect hmac-newcaps ${peers} --c1 1a2b ${secrets} --mode tcp --padding 0`],
  ['seqno', 'new', `new --dialect seqno ${peers} --c1 1a2b --s1 0xffff --caps 7 --padding 0`],
  ['seqno', 'acknowledge', `--s1 65535 --s2 4096 acknowledge --dialect seqno ${back} --id 1a2b3c4d`],
  ['seqno', 'finalize', `finalize --dialect seqno ${peers} --id 1a2b3c4d --s2 4096`],
  ['channeler', 'new', `CHANNEL_NEW --dialect channeler ${peers} --c1 1a2b ${secrets} --padded-to 256`],
  [
    'channeler',
    'acknowledge',
    `acknowledge --dialect channeler ${back} --c1 1a2b --c2 3c4d ${secrets} --padded-to 256`,
  ],
  ['channeler', 'finalize', `finalize --dialect channeler ${peers} --id 1a2b3c4d ${secrets} --padded-to 256`],
])('%s "%s" is crafted from words', async (dialect, name, words) => {
  expect(await run(words)).toEqual({
    status: 0,
    printed: `${vector(dialect, name)}\n`,
    problems: [],
    files: {},
    sent: [],
  });
});

const read = (hex: string) => {
  const view = viewOf(fromHex(hex.trim()));
  return dissectChannel(view, 0, { captured: view.byteLength, wire: view.byteLength });
};

describe('fields', () => {
  test('a name of a peer stands for the start of its SHA-256', async () => {
    const { printed } = await run('data --from alice --to bob');
    expect(printed.slice(8, 72)).toBe('2bd806c97f0e00af1a1fc3328fa763a981b637d8fcd2c6da6359e6963113a117');
  });

  test('one that is given is sent, however wrong', async () => {
    const { printed } = await run(
      'data hello --length 99 --size 1 --payload-size 2 --checksum 3 --protocol-id 4 --flags 0xffff --channel 5',
    );
    expect(printed).toBe(`00000004${'00'.repeat(32)}00000005ffff0001000000021463${'68656c6c6f'}00000003\n`);
  });

  test('one before all messages holds for all that have it', async () => {
    const { printed } = await run('--caps 3 finalize --id 11112222 finalize --id 33334444 --caps 5');
    const { view, messages } = read(printed);
    expect(messages.map(({ kind, body }) => kind && decode(kind.body, view, body))).toMatchObject([
      { id: 0x11112222, caps: 3 },
      { id: 0x33334444, caps: 5 },
    ]);
  });

  test('single bits can be given', async () => {
    const { printed } = await run('finalize --caps-resend --caps-ordered=0 --caps-close-on-loss --flags-spin data x');
    expect(read(printed)).toMatchObject({ flags: 2 });
    expect(printed).toContain(`${'00'.repeat(16)}0005140178`);
  });

  test('data may be text that is the name of a message, or hex', async () => {
    expect((await run('data close')).printed).toContain('1405636c6f7365');
    expect((await run('data --data 00ff')).printed).toContain('140200ff');
    expect((await run("data 'two words' close done")).printed).toContain(`1409${'74776f20776f726473'}0e0000`);
  });

  test('a type that nobody knows can be sent', async () => {
    expect((await run('unknown 300 beef data x')).printed).toContain('812cbeef140178');
    expect((await run('unknown 99')).printed).toContain('000163');
  });

  test('a text can be a secret', async () => {
    const initiator = fromHex(ALICE);
    const cookie = cookieKey(
      dialectNamed('hmac'),
      new TextEncoder().encode('a "b" c'),
    )({
      initiator,
      responder: fromHex(BOB),
      c1: 1,
    });
    const { printed } = await run(`new ${peers} --c1 1 --secret '"a \\"b\\" c"'`);
    expect(printed).toContain(`0a0001${toHex(cookie)}`);
  });
});

describe('where it goes', () => {
  test('faults and layers are put around it', async () => {
    const { printed } = await run('data hi --fault trailing:1 --layer ip:ttl=9 --layer udp:dstport=53,checksum=0');
    expect(printed.slice(0, 56)).toBe('45000055000000000911b1990000000000000000'.concat('0000003500410000'));
    expect(printed.trimEnd().endsWith('ee')).toBe(true);
    expect(printed.trimEnd().length).toBe(2 * 0x55);
  });

  test('a damaged frame is cut behind its layers', async () => {
    const { printed } = await run('data hi --layer udp --frame-fault cut:60');
    expect(printed).toBe('00000000\n');
  });

  test('a header of another protocol stands instead of a channel packet, announced by the layer beneath', async () => {
    const { printed } = await run('--layer udp:checksum=0 --payload vxlan:vni=7,flag_i=1 --payload hex:0102');
    expect(printed).toBe('000012b500120000' + '0800000000000700' + '0102\n');
    const { printed: etherip } = await run('--layer ip:checksum=0 --payload etherip:ver=3 --payload hex:01');
    expect(etherip).toBe(`45000017000000004061${'00'.repeat(10)}300001\n`);
  });

  test('into a capture of the link type of the outermost layer', async () => {
    const { files } = await run('data hi -w out.pcap --count 2');
    const packet = toHex(fromHex((await run('data hi')).printed.trim()));
    const size = '38000000';
    const record = `0100000002000000${size}${size}${packet}`;
    expect(files).toEqual({ 'out.pcap': `4d3cb2a1020004000000000000000000000004009300${'0000'}${record}${record}` });
    const linkType = async (words: string) => (await run(`data hi -w x.pcap ${words}`)).files['x.pcap']?.slice(40, 48);
    expect(await linkType('--layer eth --layer ip')).toBe('01000000');
    expect(await linkType('--layer ipv6')).toBe('65000000');
  });

  test('into a pcapng, unless the name ends in .pcap, with the secrets that made the cookies', async () => {
    const words = `ack --c1 1a2b ${back} ${secrets} -w x --count 2`;
    const { scanned, secretsInside } = scan((await run(words)).files.x ?? '');
    const packet = (await run(`ack --c1 1a2b ${back} ${secrets}`)).printed.trim();
    expect(scanned).toEqual([packet, packet]);
    expect(secretsInside).toBe(`PEER_SECRET ${ALICE} ${ALICE_SECRET}\nPEER_SECRET ${BOB} ${BOB_SECRET}\n`);
    expect(scan((await run('new -w x')).files.x ?? '').secretsInside).toBe('');
    expect(scan((await run(`new ${peers} --secret '""' -w x`)).files.x ?? '').secretsInside).toContain(`${ALICE} ""\n`);
  });

  test('in a datagram, without the layers given', async () => {
    const packet = (await run('data hi')).printed.trim();
    expect((await run('data hi --udp localhost:4242 --layer ip --count 2')).sent).toEqual([
      `localhost 4242 2 times ${packet}`,
    ]);
    expect((await run('data hi --udp [2001:db8::1]:1')).sent).toEqual([`2001:db8::1 1 1 times ${packet}`]);
  });

  test('on an interface, with them', async () => {
    const frame = (await run('data hi --layer eth:dst=02:00:00:00:00:01 --layer ip')).printed.trim();
    expect(frame.slice(0, 28)).toBe('0200000000010000000000000800');
    const words = '--layer eth:dst=02:00:00:00:00:01 --layer ip';
    expect((await run(`data hi -i eth0 ${words}`)).sent).toEqual([`eth0 link 1 1 times ${frame}`]);
    expect((await run(`data hi -i eth0 ${words} --count 3 --rate 0.5 --yes`)).sent).toEqual([
      `eth0 link 1 3 times at 0.5 yes ${frame}`,
    ]);
  });

  test('not on an interface without layers: that is no frame', async () => {
    expect(await run('data hi -i eth0')).toMatchObject({
      status: 2,
      sent: [],
      problems: ['craft: --interface: a packet without layers is no frame; try --layer eth --layer ip --layer udp'],
    });
  });
});

describe('from a capture', () => {
  const finalize = vector('hmac', 'finalize');
  const progress = vector('hmac', 'progress and window');
  const captured = {
    'a 1': { hex: finalize, linkType: 147 },
    'a 2': { hex: progress, linkType: 147 },
    'a 3': { hex: '00', linkType: 147 },
    'new 1': { hex: vector('hmac', 'new'), linkType: 147 },
  };

  test('the same packet comes out', async () => {
    expect((await run('--from-capture a', captured)).printed).toBe(`${finalize}\n`);
    expect((await run('-r a --packet 2', captured)).printed).toBe(`${progress}\n`);
    expect((await run('-r new', captured)).printed).toBe(`${vector('hmac', 'new')}\n`);
  });

  test('what is given changes it', async () => {
    const { view, messages, sequence } = read((await run('-r a --caps 1 --sequence 7 data more', captured)).printed);
    expect(sequence).toBe(7);
    expect(messages.map(({ kind, body }) => kind && decode(kind.body, view, body))).toMatchObject([
      { id: 0x1a2b3c4d, caps: 1 },
      { data: new TextEncoder().encode('more') },
    ]);
  });

  test('options of its layers stay', async () => {
    const layers =
      '--layer eth --layer ip:src=192.0.2.1,ttl=7,options=rr:3 --layer tcp:srcport=9,options=mss:1460/nop/wscale:7';
    const frame = (await run(`data hello ${layers}`)).printed.trim();
    const inCapture = { 'b 1': { hex: frame, linkType: 1 } };
    expect((await run('-r b', inCapture)).printed.trim()).toBe(frame);
    expect((await run('-r b --layer ip:options=ra', inCapture)).printed.trim()).toBe(
      (await run(`data hello ${layers.replace('rr:3', 'ra')}`)).printed.trim(),
    );
  });

  test('its layers stay, with lengths and checksums made anew', async () => {
    const layers = '--layer eth:src=02:00:00:00:00:01 --layer ip:src=192.0.2.1,ttl=7 --layer udp:srcport=9';
    const frame = (await run(`data hello ${layers}`)).printed.trim();
    const inCapture = { 'b 1': { hex: frame, linkType: 1 } };
    expect((await run('-r b', inCapture)).printed.trim()).toBe(frame);
    const longer = (await run(`data hello data again ${layers}`)).printed.trim();
    expect((await run('-r b data again', inCapture)).printed.trim()).toBe(longer);
    const changed = (await run(`data hello ${layers.replace('ttl=7', 'ttl=1')}`)).printed.trim();
    expect((await run('-r b --layer ip:ttl=1', inCapture)).printed.trim()).toBe(changed);
    expect((await run('-r b --bare', inCapture)).printed).toBe((await run('data hello')).printed);
  });

  test.each([
    ['-r a --packet 9', 'craft: a: has no packet 9', 1],
    ['-r a --packet 3', 'craft: a: packet 3: holds no channel packet', 1],
    ['--packet 3', 'craft: --packet: of which capture? Say --from-capture FILE too', 2],
  ])('%s is refused', async (words, problem, status) => {
    expect(await run(words, captured)).toMatchObject({ status, problems: [problem], printed: '' });
  });
});

describe('forging', () => {
  test('a cookie of the reference follows from another, whoever is asked for', async () => {
    const seen =
      '--cookie 1eae9190 --initiator ae158b4d9abb57473f39a13a990f1680 --responder 6d44289d20df765f1ceb7605db50ed8e';
    const key = cookieKey(dialectNamed('channeler'), fromHex(ALICE_SECRET));
    const [initiator, responder] = [fromHex(ALICE), fromHex(BOB)];
    const wanted = toHex(key({ initiator: responder, responder: initiator, c1: 0x1234, c2: 0x5678 }));
    const { status, printed } = await run(
      `forge ${seen} --id 1a2b --for-initiator ${BOB} --for-responder ${ALICE} --for-id 12345678`,
    );
    expect(status).toBe(0);
    expect(printed).toMatch(new RegExp(`^cookie ${wanted}\nsecret [0-9a-f]{8}\n$`));
    // The secret found is as good as the real one.
    const secret = printed.slice(-9).trim();
    const crafted = `new --dialect channeler ${peers} --c1 1a2b --padded-to 256 --secret`;
    expect((await run(`${crafted} ${secret}`)).printed).toBe((await run(`${crafted} ${ALICE_SECRET}`)).printed);
  });

  test('a cookie of the others does not', async () => {
    const words = 'forge --dialect hmac --cookie 00 --initiator a --responder b --id 1a2b';
    expect(await run(words)).toMatchObject({
      status: 1,
      printed: '',
      problems: ['craft: forge: hmac cookies are HMACs: one cookie says nothing about another without the secret'],
    });
  });

  test.each([
    ['forge --cookie 1eae9190', 'craft: forge: needs --initiator; see craft forge --help'],
    ['forge --nope 1', 'craft: forge: unknown option --nope; see craft forge --help'],
    ['forge --cookie 1 --initiator a --responder b --id 1a2b', 'craft: --cookie: not an even number of hex digits'],
    [
      'forge --cookie 11 --initiator a --responder b --id 1a2b',
      'craft: --cookie: a cookie of channeler has 4 bytes, this one 1',
    ],
    ['forge --cookie 11223344 --initiator a --responder b --id 1a', 'craft: --id: "1a" is neither 4 nor 8 hex digits'],
  ])('%s is refused', async (words, problem) => {
    expect(await run(words)).toMatchObject({ status: 2, problems: [problem] });
  });
});

test.each([
  [
    'blah',
    '"blah" is no message; expected one of new, acknowledge, finalize, cookie, close, data, progress, window, unknown',
  ],
  ['new --nope 1', 'unknown option --nope; handshark craft --help lists them'],
  ['new -x', 'unknown option -x'],
  ['new --c1', '--c1: needs a value'],
  ['new --c1 12345', '--c1: 74565 does not fit in 16 bits'],
  ['new --c1 xyz', '--c1: "xyz" is not hex digits'],
  ['new --cookie1 0011', '--cookie1: 2 bytes where the field has 16'],
  ['data --size 65536', '--size: 65536 does not fit in 16 bits'],
  ['data --size 0x1g', '--size: "1g" is not a number, such as 7 or 0x1f'],
  ['close maybe', 'close: "maybe" is not a number'],
  ['unknown x', 'unknown: needs the number of its type'],
  [
    'close --dialect channeler',
    'close: the dialect channeler has no CHANNEL_CLOSE; "unknown 14" writes one all the same',
  ],
  ['data --dialect tls', '--dialect: "tls" is not one of hmac, hmac-newcaps, seqno, channeler'],
  ['data --fault flop', '--fault: unknown fault "flop", expected one of cut, '],
  ['data --fault wrong-cookie', '--fault: no cookie 1 in the packet'],
  ['data --frame-fault spin', '--frame-fault: "spin" is not cut:N, flip:N or trailing:N'],
  ['data --layer osi', '--layer osi: unknown layer "osi", expected one of eth, vlan, '],
  ['data --layer ip:tll=1', '--layer ip: unknown field "tll", expected one of version, '],
  ['data --layer ip:src=1.2.3', '--layer ip: src: "1.2.3" is not an IPv4 address'],
  ['data --layer ipv6:src=1::2::3', '--layer ipv6: src: "1::2::3" is not an IPv6 address'],
  ['--payload osi', '--payload: unknown header "osi", expected hex, text, file, zero, random, none or one of '],
  ['--payload hex:0', '--payload: not an even number of hex digits'],
  ['--payload vxlan:vin=1', '--payload vxlan: unknown field "vin", expected one of flags, '],
  ['--payload vxlan:vni=0x1000000', '--payload vxlan: vni: 16777216 does not fit in 24 bits'],
  ['data --payload vxlan', '--payload: stands instead of a channel packet'],
  ['data -w x --layer udp', '--layer udp: no capture starts with it; put ip or eth around it'],
  ['data --udp nowhere', '--udp: "nowhere" is not HOST:PORT'],
  ['data --udp 127.0.0.1:0', '--udp: "127.0.0.1:0" is not HOST:PORT'],
  ['data --udp 1.2.3:4', '--udp: "1.2.3:4" is not HOST:PORT'],
  ['data --padding 9999999999', 'the frame would have 10000000053 bytes; at most 16777216 can be made'],
  ['data -w x --padding 65536 --count 99999999', '--count: all copies have more than 1073741824 bytes'],
  ['data --secret 123', '--secret: not an even number of hex digits'],
  ['data --role king', '--role: "king" is no role'],
])('"%s" is refused', async (words, problem) => {
  const { status, problems, printed } = await run(words);
  expect({ status, printed }).toEqual({ status: 2, printed: '' });
  expect(problems.join()).toContain(`craft: ${problem}`);
});

test('the help lists every message with its fields, from the layouts', async () => {
  const { status, printed } = await run('--help');
  expect(status).toBe(0);
  expect(printed).toContain('  finalize\n      --id:4 --cookie2:16 --caps:2');
  expect(printed).toContain('--id:4 --ack:2   (seqno)');
  expect(printed).toContain('  flip:N ');
  expect(printed).toContain('--initiator:2 --responder:2 --flags:2 --flags-encrypted');
  expect((await run('forge --help')).printed).toContain('craft forge --cookie HEX');
});

test('nothing to craft prints the help and fails', async () => {
  expect(await run('')).toMatchObject({ status: 2, problems: [] });
  expect(await run('forge')).toMatchObject({ status: 2, problems: [] });
});

test('what the system refuses is told in one line', async () => {
  const refusing = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', errno: -13 });
  const problems: string[] = [];
  const io = {
    print: () => {},
    complain: (problem: string) => problems.push(problem),
    saveFile: () => Promise.reject(refusing),
  };
  const unused = () => Promise.reject(new Error('not asked for'));
  const now = () => ({ seconds: 0, nanos: 0 });
  const status = await craft(['data', '-w', '/x'], {
    ...io,
    now,
    send: unused,
    readPacket: unused,
    headOf: unused,
    appendFile: unused,
    readFile: unused,
    openPort: unused,
  });
  expect({ status, problems }).toEqual({ status: 1, problems: ['craft: /x: permission denied'] });
});

test.each([
  ['2001:db8::1', '20010db8000000000000000000000001'],
  ['::', '00'.repeat(16)],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
  ['fe80::1:2', 'fe800000000000000000000000010002'],
])('%s is read as an IPv6 address', async (text, hex) => {
  const { printed } = await run(`data --layer ipv6:dst=${text}`);
  expect(printed).toContain(hex);
});

test('a number of a field is decimal, or hex after 0x', () => {
  const [field] = layout('x', { port: u16('Port') }).list;
  expect(field && [valueFrom(field, '10'), valueFrom(field, '0x10')]).toEqual([10, 16]);
});
