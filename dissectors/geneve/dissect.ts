import { headerDissector } from '../header.js';
import { fieldsOf } from '../wire/layout.js';
import { explain, foundLine, type Line } from '../wire/line.js';
import type { Limit } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { geneveHeader, OPTION, OPTION_DATA, OPTIONS, optionHead } from './layout.js';

/** Its port. Source: RFC 8926, section 3.3. */
export const PORT_GENEVE = 6081;

const { vni, proto_type, 'option.length': optionsLength } = geneveHeader.fields;

function optionLines(view: DataView, _at: number, start: number, limit: Limit, source: number): readonly Line[] {
  const end = limit.captured;
  if (start >= end) return [];
  const options: Line[] = [];
  for (let at = start; at + optionHead.size <= end; ) {
    const stop = at + optionHead.fields['option.length'].read(view, at);
    // An option beyond its list means nothing.
    if (stop > end) break;
    const data = at + optionHead.size;
    const children = [
      ...explain(optionHead, view, at, limit, source).lines,
      foundLine(OPTION_DATA, slice(view, data, stop), source, data, stop),
    ];
    options.push(foundLine(OPTION, slice(view, at, stop), source, at, stop, children));
    at = stop;
  }
  return [foundLine(OPTIONS, slice(view, start, end), source, start, end, options)];
}

export const geneve = headerDissector({
  name: 'geneve',
  title: 'Generic Network Virtualization Encapsulation',
  short: 'Geneve',
  label: 'Geneve',
  layout: geneveHeader,
  tail: {
    fields: [...fieldsOf(optionHead).filter(({ key }) => key !== 'option.length'), OPTIONS, OPTION, OPTION_DATA],
    end: (view, at, start) => start + optionsLength.read(view, at),
    lines: optionLines,
  },
  next: (view, at) => ({ table: 'ethertype', key: proto_type.read(view, at) }),
  note: (view, at) => `VNI ${vni.read(view, at)}`,
  networkOf: (view, { at }) => `${vni.read(view, at)}`,
});
