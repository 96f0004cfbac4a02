import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { parseSecrets } from '../../../analyzer/secrets/secrets.js';
import type { Draft } from '../../../analyzer/store/craft/draft.js';
import { linesOf } from '../../../analyzer/store/craft/lines.js';
import { make } from '../../../analyzer/store/craft/make.js';
import { draftOf } from '../../../analyzer/store/craft/new-draft.js';
import { toHex } from '../../../dissectors/wire/view.js';

const FIXTURES = readdirSync('fixtures').filter((name) => /\.pcap(ng)?$/.test(name) && !/corrupt|cut-|bad-/.test(name));

/** What a draft comes to, in hex. */
function hexOf(draft: Draft): string {
  const made = make(draft);
  if (typeof made === 'string') throw new Error(made);
  return toHex(made.bytes);
}

test.each(FIXTURES)('every packet of %s can be opened, and secrets change no byte of it', async (name) => {
  const path = `fixtures/${name}`;
  const file = path.replace(/\.pcap(ng)?$/, '.secrets');
  const secrets = existsSync(file) ? parseSecrets(readFileSync(file, 'utf8'), file) : [];
  const reading = await openReading(path, { secrets: [], track: false, color: 'never' });
  try {
    for await (const next of packetsOf(reading, 1000)) {
      for (let packet = next(); packet; packet = next()) {
        const { number, seconds, nanos, captured, dissection, on } = packet;
        const view = dissection.sources[0]?.view;
        if (view === undefined) continue;
        const bytes = new Uint8Array(view.buffer, view.byteOffset, captured).slice();
        const frame = { title: `packet ${number}`, bytes, linkType: on?.linkType ?? -1, moment: { seconds, nanos } };
        const plain = draftOf({ ...frame, secrets: [] });
        const known = draftOf({ ...frame, secrets });
        expect([number, hexOf(known)]).toEqual([number, hexOf(plain)]);
        if (known.form !== 'packet') continue;
        const made = make(known);
        if (typeof made === 'string') throw new Error(made);
        const lines = linesOf(known, made);
        // Every byte of the channel packet is that of some line.
        const covered = new Set(
          lines.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, at) => start + at)),
        );
        const missing = Array.from(made.bytes.keys()).filter((at) => at >= made.at && !covered.has(at));
        expect([number, missing.length]).toEqual([
          number,
          Math.max(0, made.bytes.length - made.at - made.clean.length),
        ]);
        expect(lines.filter(({ from }) => from === 'typed')).toEqual([]);
      }
    }
  } finally {
    await reading.capture.close();
  }
});
