import { describe, expect, test } from 'vitest';
import { readFilter } from '../../../analyzer/filter/compile.js';
import { explain } from '../../../analyzer/filter/explain.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import { eachPacket, verdictsOf, verdictText } from './reading.js';

/** Expects that filters pass these packets of a fixture, each filter on its own. */
async function expectPasses(fixture: string, expected: Readonly<Record<string, string>>): Promise<void> {
  const filters = Object.keys(expected);
  const secrets = [`fixtures/${fixture.replace(/\..*/, '')}.secrets`];
  const verdicts = await verdictsOf(`fixtures/${fixture}`, filters, secrets);
  const found = Object.fromEntries(filters.map((filter, place) => [filter, verdictText(verdicts[place] ?? 'illegal')]));
  expect(found).toEqual(expected);
}

describe('a handshake', () => {
  test('messages have their names, long or short, in either case, or their numbers', () =>
    expectPasses('handshake-hmac.pcap', {
      'chan.msg.type == CHANNEL_NEW': '1',
      'chan.msg.type == new': '1',
      'chan.msg.type == "New"': '1',
      'chan.msg.type == 10': '1',
      'chan.msg.type == 0x0a': '1',
      'chan.msg == acknowledge': '2',
      'chan.msg.type == finalize': '3',
      'chan.msg.type in {new, acknowledge..CHANNEL_FINALIZE}': '1-3',
      'chan.msg.type == data and chan.data': '5-6,8',
      'chan.msg.type == window and not chan.msg.type == data': '4,7,9,11,13',
      'chan.msg.type == nonsense': 'illegal',
    }));

  test('ids are hex digits with or without 0x, and may be cut into bytes', async () => {
    let id = '';
    let sender = '';
    await eachPacket('fixtures/handshake-hmac.pcap', ({ dissection: { channels } }) => {
      const [packet] = channels;
      if (!packet || packet.id === 0xf0f0f0f0 || id !== '') return;
      id = (packet.id ?? 0).toString(16).padStart(8, '0');
      sender = Buffer.from(packet.view.buffer, packet.view.byteOffset + packet.at + 4, 16).toString('hex');
    });
    const [half, other] = [id.slice(0, 4), id.slice(4)];
    const bytes = (id.match(/../g) ?? []).join(':');
    const everywhere = '2-13';
    await expectPasses('handshake-hmac.pcap', {
      [`chan.id == ${id}`]: everywhere,
      [`chan.id == 0x${id}`]: everywhere,
      [`chan.id == "${id}"`]: everywhere,
      [`chan.id == ${bytes}`]: everywhere,
      [`chan.id[0:2] == ${half}`]: everywhere,
      [`chan.id[2:] == ${other}`]: everywhere,
      [`chan.c1 == ${half}`]: '1',
      [`chan.c1 == 0x${half}`]: '1',
      [`chan.initiator == ${half}`]: '4-13',
      'chan.id == f0f0f0f0': '1-3',
      'chan.default': '1-3',
      'not chan.default': '4-13',
      'chan.default == true': '1-3',
      [`chan.sender == ${sender} and chan.recipient`]: await sentBy(sender),
      [`chan.sender == 0x${sender}`]: await sentBy(sender),
      [`chan.peer == ${sender}`]: '1-13',
      'chan.protocol_id == 99838caa': '1-13',
      'chan.dialect == hmac': '1-13',
      'chan.dialect == "seqno"': 'none',
      'chan.id == f0f0f0f0f0': 'illegal',
      'chan.c1 == 12345': 'illegal',
    });
  });

  test('what the tracker knows can be asked for', () =>
    expectPasses('handshake-hmac.pcap', {
      'channel.state == new': '1',
      'channel.state == "acknowledged"': '2',
      'channel.state == established': '3-11',
      'channel.state in {new, closed}': '1,12-13',
      'channel.state == Established': '3-11',
      'channel.state == estab': 'illegal',
      'channel.state contains "estab"': '3-11',
      'handshake.state == asked': '1',
      'handshake.state == "challenged"': '2',
      'handshake.state in {echoed, established}': '3-4',
      'handshake.number == 1': '1-4',
      'handshake.kind == channel': '1-4',
      'handshake.kind == tcp': 'none',
      'handshake.kind == tcq': 'illegal',
      'handshake.cookie.status == valid': '2-4',
      'handshake.proof.status': 'none',
      'handshake.state == asking': 'illegal',
      'channel.mode == TCP': '3-13',
      'channel.mode == tcp': '3-13',
      'channel.mode == udp': 'none',
      'chan.caps.mode == tcp': '3',
      'chan.caps == tcp': '3',
      'chan.caps.resend': '3',
      'chan.caps.resend == true': '3',
      'chan.cookie1.status == valid': '1-2',
      'chan.cookie1_status != valid': 'none',
      'chan.checksum.status == good': '1-13',
      'chan.reason == done': '10,12',
      expert: 'none',
      channel: '1-13',
      'channel.number == 1': '1-13',
    }));
});

async function sentBy(sender: string): Promise<string> {
  const numbers: number[] = [];
  await eachPacket('fixtures/handshake-hmac.pcap', ({ number, dissection: { channels } }) => {
    const [packet] = channels;
    if (!packet) return;
    const found = Buffer.from(packet.view.buffer, packet.view.byteOffset + packet.at + 4, 16).toString('hex');
    if (found === sender) numbers.push(number);
  });
  return verdictText(numbers);
}

describe('findings', () => {
  test('severities have an order', async () => {
    const filters = ['chat', 'note', 'warn', 'error'].map((severity) => `expert.severity >= ${severity}`);
    const verdicts = await verdictsOf('fixtures/faults.pcapng', [...filters, 'expert', 'expert.severity < chat']);
    const counts = verdicts.map((verdict) => verdict.length);
    expect(counts[0]).toBe(counts[4]);
    expect(counts.slice(0, 4)).toEqual([...counts.slice(0, 4)].sort((one, other) => other - one));
    expect(counts[3]).toBeGreaterThan(0);
    expect(counts[5]).toBe(0);
  });

  test('codes and words can be looked for', () =>
    expectPasses('checksum-bad.pcap', {
      'expert.code == checksum-bad and chan.checksum.status == bad and expert.text contains "checksum"': '5,8,11',
      'chan.checksum.status == bad xor expert.code == checksum-bad': 'none',
    }));
});

describe('references', () => {
  test('refer to the selected packet, and have no value without one', async () => {
    const packets: Packet[] = [];
    await eachPacket('fixtures/mixed-traffic.pcap', (packet) => packets.push(packet));
    const selected = packets[2];
    if (!selected) throw new Error('the fixture has no third packet');
    const text = 'ip.src == $' + '{ip.src} and frame.number > $' + '{frame.number} - 1';
    const numbers = (filter: (packet: Packet) => boolean) => packets.filter(filter).map(({ number }) => number);
    expect(numbers(readFilter(text).passes)).toEqual([]);
    expect(numbers(readFilter(text, selected).passes)).toEqual(
      numbers(readFilter('ip.src == 192.0.2.1 and frame.number >= 3').passes),
    );
  });
});

test('the plan of a filter tells how each field is reached', () => {
  expect(explain(readFilter('not udp.port == 53 and (sctp.chunk_length > 1 or len(frame) == 5)'))).toEqual([
    'all of',
    '  not',
    '    any udp.srcport or udp.dstport (unsigned number, 16 bits; read where it stands) eq "53" [from columns]',
    '  any of',
    '    any sctp.chunk_length (unsigned number, 16 bits; read where it stands) gt "1" [columns rule packets out; the others are dissected]',
    '    any len(frame (layer; read where it stands)) eq "5" [every packet is dissected]',
  ]);
  expect(explain(readFilter(' '))).toEqual(['every packet']);
});
