import type { Packet } from '../print/packet.js';
import { writeElastic } from '../print/shown/elastic.js';
import { writeJsonRaw } from '../print/shown/json-raw.js';
import { PSML_FOOT, psmlHead, writePsml, writeTabs } from '../print/shown/list-rows.js';
import { PDML_FOOT, pdmlHead, writePdml } from '../print/shown/pdml.js';
import { NameFilter } from '../print/shown/shown-fields.js';
import { version } from '../version.js';
import type { Printer } from './printer.js';

/** The formats of tshark. */
export const TSHARK_FORMATS = ['ek', 'pdml', 'psml', 'jsonraw', 'tabs'] as const;
export type TsharkFormat = (typeof TSHARK_FORMATS)[number];

/** What a printer of the list takes from elsewhere. */
interface List {
  readonly heads: readonly string[];
  readonly cells: (packet: Packet) => readonly string[];
}

/** Which protocols and fields `-j` and `-J` name; all, if none. */
export function nameFilter({
  just = [],
  justAll = [],
}: {
  readonly just?: readonly string[];
  readonly justAll?: readonly string[];
}) {
  if (just.length === 0 && justAll.length === 0) return new NameFilter();
  return new NameFilter([...just, ...justAll], justAll.length > 0);
}

/**
 * Prints packets as tshark does.
 * @param capture what they are from
 */
export function tsharkPrinter(
  format: TsharkFormat,
  filter: NameFilter,
  { heads, cells }: List,
  capture: string,
): Printer {
  const creator = () => `handshark/${version()}`;
  const showsFacts = true;
  switch (format) {
    case 'ek':
      return { showsFacts, print: (packet, into) => writeElastic(packet, filter, into) };
    case 'pdml':
      return {
        head: pdmlHead(creator(), new Date(), capture),
        showsFacts,
        foot: PDML_FOOT,
        print: (packet, into) => writePdml(packet, filter, into),
      };
    case 'psml':
      return {
        head: psmlHead(creator(), heads),
        showsFacts,
        foot: PSML_FOOT,
        print: (packet, into) => writePsml(cells(packet), into),
      };
    case 'tabs':
      return { showsFacts, print: (packet, into) => writeTabs(cells(packet), into) };
    case 'jsonraw': {
      let between = '';
      return {
        head: '[\n',
        showsFacts,
        foot: '\n]\n',
        print: (packet, into) => {
          into.add(between);
          between = ',\n';
          writeJsonRaw(packet, filter, into);
        },
      };
    }
  }
}
