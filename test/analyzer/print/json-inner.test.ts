import { afterAll, expect, test } from 'vitest';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { fromHex } from '../../../dissectors/wire/view.js';
import { makeFolder } from '../capture/files.js';
import { running } from '../commands/running.js';

const folder = makeFolder();
afterAll(folder.remove);

/** The JSON of a packet in an Ethernet frame, without what it says of the frame. */
async function jsonOf(name: string, hex: string): Promise<Record<string, unknown>> {
  const bytes = fromHex(`020000000002 020000000001 ${hex}`);
  const packet = enhancedPacket({ interfaceId: 0, seconds: 0, nanos: 0, bytes, wire: bytes.length });
  const path = folder.write(name, Buffer.concat([sectionHeader(), interfaceDescription({ linkType: 1 }), packet]));
  const { stdout } = await running(['decode', '-T', 'json', path]);
  return JSON.parse(stdout);
}

test('an LLC header stands beside the Ethernet header that it is in', async () => {
  const json = await jsonOf('llc.pcapng', '0006 424203 616263');
  expect(json.llc).toEqual({ dsap: 0x42, ssap: 0x42, control: 3 });
  expect(json.eth).toMatchObject({ len: 6 });
  expect(json.layers).toEqual(['eth', 'data']);
});

test('authentication headers of several layers are a list', async () => {
  // IPv6 with AH that carries the same again, and then nothing.
  const addresses = `${'20010db8'}${'0'.repeat(23)}1 ${'20010db8'}${'0'.repeat(23)}2`;
  const inner = `60000000 000c 33 40 ${addresses} 3b01 0000 00000009 00000002`;
  const outer = `60000000 0040 33 40 ${addresses} 2901 0000 00000007 00000001`;
  const json = await jsonOf('ah.pcapng', `86dd ${outer} ${inner}`);
  expect(json.ah).toMatchObject([
    { spi: 7, sequence: 1 },
    { spi: 9, sequence: 2 },
  ]);
  expect(json.ipv6).toHaveLength(2);
});
