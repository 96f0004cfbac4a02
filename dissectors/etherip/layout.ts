import { over, part, u16 } from '../wire/field.js';
import { layout } from '../wire/layout.js';

/** The EtherIP header: 2 bytes. Source: RFC 3378, section 3. */
export const etheripHeader = layout('etherip', {
  ver: over(part(u16('Version'), 0xf000)),
  reserved: part(u16('Reserved', 'hex'), 0x0fff),
});
