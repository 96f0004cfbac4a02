import { afterAll, expect, test } from 'vitest';
import { openCapture } from '../../../analyzer/capture/capture.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../../dissectors/file/pcapng-writer.js';
import { running } from '../commands/running.js';
import { makeFolder } from './files.js';

const folder = makeFolder();
afterAll(folder.remove);

/** The interfaces of a capture by their names, and those of its packets by their numbers. */
async function interfacesOf(path: string) {
  const capture = await openCapture(path);
  const used: number[] = [];
  for await (const { records } of capture.batches()) {
    for (let row = 0; row < records.count; row++) used.push(records.interfaceId[row] ?? -1);
  }
  const names = capture.interfaces.map(({ name }) => name);
  await capture.close();
  return { names, used };
}

test('interfaces keep their numbers, whichever has the first packet and whether they have any', async () => {
  const packet = (interfaceId: number) =>
    enhancedPacket({ interfaceId, seconds: 1, nanos: 0, bytes: new Uint8Array(60), wire: 60 });
  const names = ['eth0', 'eth1', 'eth2'];
  const descriptions = names.map((name) => interfaceDescription({ linkType: 1, name }));
  const given = folder.write('given.pcapng', Buffer.concat([sectionHeader(), ...descriptions, packet(1), packet(0)]));
  const written = folder.path('written.pcapng');
  await running(['decode', given, '-w', written]);
  expect(await interfacesOf(written)).toEqual({ names, used: [1, 0] });
  await running(['decode', given, '-w', written, '-Y', 'frame.interface_name == "eth1"']);
  expect(await interfacesOf(written)).toEqual({ names, used: [1] });
});
