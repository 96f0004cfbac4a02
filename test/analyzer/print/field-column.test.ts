import { expect, test } from 'vitest';
import { replay } from '../../../analyzer/index/replay.js';
import { FieldColumn } from '../../../analyzer/print/field-column.js';
import { FIELD_DEFAULTS, type FieldOptions } from '../../../analyzer/print/field-options.js';
import { textsOf } from '../../../analyzer/print/field-texts.js';
import { EITHER } from '../../../analyzer/print/fields.js';
import { knownFields } from '../../../analyzer/print/known-fields.js';
import { Utf8Text } from '../../../analyzer/print/utf8-text.js';
import { printable } from '../../../analyzer/text/printable.js';
import { isOnRequest } from '../../on-request.js';
import { FIXTURES, indexed } from '../pipeline/pipeline.js';
import { askedOf } from './asked-of.js';
import { fieldValues } from './tree-values.js';

const NAMES = [...knownFields().keys(), ...Object.keys(EITHER), 'chan.msg', 'chan.checksum_status', 'udp', 'chan'];
const quoted = (occurrence: FieldOptions['occurrence']): FieldOptions => ({
  ...FIELD_DEFAULTS,
  ...{ quote: '"', aggregator: '; ', occurrence },
});

const COLUMNS = NAMES.map((name) => ({
  name,
  texts: textsOf(name),
  all: new FieldColumn(name, FIELD_DEFAULTS),
  first: new FieldColumn(name, quoted('f')),
  last: new FieldColumn(name, quoted('l')),
}));

test.each(FIXTURES)('columns of %s say what the trees of its packets say', async (fixture) => {
  const capture = await indexed(`fixtures/${fixture}`);
  const into = new Utf8Text();
  for (let number = 1; number <= capture.index.length; number++) {
    const packet = replay(capture, number);
    const isAsked = askedOf(packet);
    for (const [place, { name, texts, all, first, last }] of COLUMNS.entries()) {
      if (!isAsked(name, place) || isOnRequest(name)) continue;
      const written = (column: FieldColumn): string => {
        into.clear();
        column.write(packet, into);
        return into.toString();
      };
      const expected = fieldValues(packet, name).map(({ text }) => text);
      const shown = expected.map((text) => printable(text));
      const found = [...texts(packet)];
      const lines = [written(all), written(first), written(last)];
      const wanted = [shown.join(), ...[shown[0], shown.at(-1)].map((one) => (one === undefined ? '' : `"${one}"`))];
      if (JSON.stringify([found, lines]) !== JSON.stringify([expected, wanted])) {
        expect.fail(`packet ${number}: ${name}: ${found} and ${lines} are not ${wanted}`);
      }
    }
  }
  await capture.close();
});
