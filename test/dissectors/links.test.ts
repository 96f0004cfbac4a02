import { expect, test } from 'vitest';
import { type Dissection, dissectAny } from '../../dissectors/dissect.js';
import { liveReassembly } from '../../dissectors/reassembly/reassembly.js';
import { dissectorNamed } from '../../dissectors/registry.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { valuesOf } from './dissecting.js';
import { LINK_SAMPLES, type LinkSample } from './link-samples.js';

function dissected({ packet, linkType }: LinkSample, captured = packet.length): Dissection {
  const limit = { captured, wire: packet.length };
  return dissectAny(viewOf(packet), 0, limit, linkType, 1, liveReassembly());
}

const said = ({ layers, findings }: Dissection): string =>
  [...layers.map(({ name }) => name), ...findings.map(({ code }) => `!${code}`)].join(' ');

test.each(LINK_SAMPLES.map((sample) => [sample.name, sample] as const))('finds the layers of %s', (_, sample) => {
  expect(said(dissected(sample))).toBe(sample.found);
});

/** The values of the fields of a sample's layers with this name. */
function shownOf(name: string, ...layers: readonly string[]): Record<string, string> {
  const sample = LINK_SAMPLES.find((known) => known.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  const lines = dissected(sample).layers.filter((layer) => layers.includes(layer.name));
  return Object.assign(
    {},
    ...lines.map((layer) => valuesOf(dissectorNamed(layer.name)?.lines(viewOf(sample.packet), layer) as never)),
  );
}
