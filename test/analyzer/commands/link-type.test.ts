import { afterAll, describe, expect, test } from 'vitest';
import { hierarchyFilter } from '../../../analyzer/stats/row-filters.js';
import { pcapFileHeader, pcapRecord } from '../../../dissectors/file/pcap-writer.js';
import { makeFolder } from '../capture/files.js';
import { running } from './running.js';

const folder = makeFolder();
afterAll(() => folder.remove());

/** A capture of one packet of 8 bytes. */
function capture(linkType: number): string {
  const record = pcapRecord({ seconds: 1, nanos: 0, bytes: new Uint8Array(8), wire: 8 }, false);
  folder.write(`${linkType}.pcap`, Buffer.concat([pcapFileHeader({ linkType }), record]));
  return folder.path(`${linkType}.pcap`);
}

describe.each([
  [190, '190 (CAN20B)', 109],
  [301, '301 (DECT_NR)', 0],
  [50_000, '50000', 0],
])('link type %i, which is not dissected,', (linkType, text, encapsulation) => {
  const path = capture(linkType);

  test('is named in the row of a packet, in its tree and in a finding', async () => {
    expect((await running(['decode', path])).stdout).toContain(
      `link type ${text}, 8 bytes of data [link-type-unknown]`,
    );
    const tree = (await running(['decode', '-V', path])).stdout;
    expect(tree).toContain(`Link type: ${text}\n`);
    expect(tree).toContain(`Encapsulation type: ${encapsulation} (`);
    expect(tree).toContain(`Data (8 bytes), of link type ${text}\n`);
    expect(tree).toContain(`note: link type ${text} is not dissected\n`);
  });

  test('is a field, and passes filters by its number', async () => {
    const fields = ['-e', 'frame.link_type', '-e', 'frame.encap_type'];
    const filter = ['-Y', `frame.link_type == ${linkType} && frame.encap_type == ${encapsulation}`];
    expect((await running(['decode', path, ...fields, ...filter])).stdout).toBe(`${linkType}\t${encapsulation}\n`);
    expect((await running(['decode', path, '-Y', `frame.link_type != ${linkType}`])).stdout).toBe('');
  });

  test('is named above its data in the hierarchy of layers, whose rows lead to its packets', async () => {
    const { stdout } = await running(['stats', 'hierarchy', '-T', 'json', path]);
    const rows = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    expect(rows.map(({ path, frames }) => [path, frames])).toEqual([
      [`link type ${text}`, 1],
      [`link type ${text}:data`, 1],
    ]);
    for (const row of rows) {
      const found = await running(['decode', path, '-Y', hierarchyFilter((key) => row[key]), '-e', 'frame.number']);
      expect(found.stdout).toBe('1\n');
    }
  });
});
