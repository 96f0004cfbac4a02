import { headerDissector } from '../header.js';
import { fieldsOf } from '../wire/layout.js';
import { type FieldSink, tellLayout } from '../wire/sink.js';
import type { Limit } from '../wire/stop.js';
import { slice } from '../wire/view.js';
import { geneveHeader, OPTION, OPTION_DATA, OPTIONS, optionHead } from './layout.js';

/** Its port. Source: RFC 8926, section 3.3. */
export const PORT_GENEVE = 6081;

const { vni, proto_type, 'option.length': optionsLength } = geneveHeader.fields;

function tellOptions(view: DataView, _at: number, start: number, limit: Limit, sink: FieldSink): void {
  const end = limit.captured;
  if (start >= end) return;
  sink.openValue(OPTIONS, slice(view, start, end), start, end);
  for (let at = start; at + optionHead.size <= end; ) {
    const stop = at + optionHead.fields['option.length'].read(view, at);
    // An option beyond its list means nothing.
    if (stop > end) break;
    const data = at + optionHead.size;
    sink.openValue(OPTION, slice(view, at, stop), at, stop);
    tellLayout(sink, optionHead, view, at, limit);
    sink.apart();
    sink.value(OPTION_DATA, slice(view, data, stop), data, stop);
    sink.close();
    sink.apart();
    at = stop;
  }
  sink.close();
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
    tell: tellOptions,
  },
  next: (view, at) => ({ table: 'ethertype', key: proto_type.read(view, at) }),
  note: (view, at) => `VNI ${vni.read(view, at)}`,
  networkOf: (view, { at }) => `${vni.read(view, at)}`,
});
