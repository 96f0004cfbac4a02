import { headerDissector } from '../header.js';
import { authenticationHeader, DERIVED } from '../ipv6/layout.js';
import { malformed } from '../wire/stop.js';
import { slice } from '../wire/view.js';

const { fields, size } = authenticationHeader;
/** What its length counts, and what it leaves out of the count. */
const WORD = 4;
const LEFT_OUT = 2;

/** The authentication header over IPv4; over IPv6 it is one of the extension headers. Source: RFC 4302, section 2. */
export const ah = headerDissector({
  name: 'ah',
  title: 'Authentication Header',
  short: 'AH',
  layout: authenticationHeader,
  tail: {
    fields: [DERIVED.checkValue],
    end: (view, at) => {
      const length = (fields.length.read(view, at) + LEFT_OUT) * WORD;
      return length < size ? malformed('ah.length', at, size, length) : at + length;
    },
    tell: (view, _at, start, { captured }, sink) => {
      if (start < captured) sink.value(DERIVED.checkValue, slice(view, start, captured), start, captured);
    },
  },
  next: (view, at) => ({ table: 'ip.proto', key: fields.next_header.read(view, at) }),
  note: (view, at) => `SPI 0x${fields.spi.read(view, at).toString(16).padStart(8, '0')}`,
});
