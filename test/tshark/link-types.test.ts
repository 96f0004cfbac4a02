import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encapsulationOf } from '../../dissectors/encapsulations.js';
import { enhancedPacket, interfaceDescription, sectionHeader } from '../../dissectors/file/pcapng-writer.js';
import { tsharkVersion } from './tshark.js';

const folder = mkdtempSync(join(tmpdir(), 'handshark-link-types-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** IrDA and LAPD captures must have their protocols where a cooked header has its own. */
const COOKED: Readonly<Record<number, number>> = { 144: 0x17, 177: 0x30 };

test('every link type has the number that it has in tshark', ({ skip }) => {
  if (tsharkVersion() === undefined) skip('tshark is not installed');
  const linkTypes = Array.from({ length: 310 }, (_, linkType) => linkType);
  const file = join(folder, 'all.pcapng');
  const packets = linkTypes.map((linkType, interfaceId) => {
    const bytes = new Uint8Array(256);
    bytes[15] = COOKED[linkType] ?? 0;
    return enhancedPacket({ interfaceId, seconds: 1, nanos: 0, bytes, wire: bytes.length });
  });
  const interfaces = linkTypes.map((linkType) => interfaceDescription({ linkType, name: `${linkType}` }));
  writeFileSync(file, Buffer.concat([sectionHeader({ application: 'test' }), ...interfaces, ...packets]));
  const words = ['-r', file, '-T', 'fields', '-e', 'frame.encap_type'];
  const printed = execFileSync('tshark', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const theirs = printed.split('\n').slice(0, -1).map(Number);
  expect(theirs).toHaveLength(linkTypes.length);
  // What a newer tshark knows is 0 here.
  expect(linkTypes.map(encapsulationOf)).toEqual(
    theirs.map((number, linkType) => (encapsulationOf(linkType) === 0 ? 0 : number)),
  );
});
