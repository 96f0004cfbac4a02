import { jsonText } from '../json-text.js';
import type { Packet } from '../packet.js';
import { isoTime } from '../time.js';
import type { Utf8Text } from '../utf8-text.js';
import { type Json, Members } from './members.js';
import { type NameFilter, type Shown, shownOf, shownValue } from './shown-fields.js';

/** The index of Elasticsearch for a packet, by its day, as tshark names it. */
export const indexName = ({ seconds, nanos }: Packet): string => `packets-${isoTime(seconds, nanos).slice(0, 10)}`;

/**
 * Writes a packet as two lines for the bulk interface of Elasticsearch: where it belongs, and its fields. The fields of a
 * layer stand side by side, whatever is beneath what; one that occurs more than once is a list.
 */
export function writeElastic(packet: Packet, filter: NameFilter, into: Utf8Text): void {
  const { seconds, nanos } = packet;
  const layers = new Members();
  for (const layer of shownOf(packet)) {
    const fields = new Members();
    if (!filter.opens(layer.name, false)) fields.add('filtered', jsonText(layer.name));
    else for (const child of layer.children) addField(child, filter, fields);
    layers.add(elasticName(layer.name), fields.json());
  }
  const millis = `${BigInt(Math.floor(seconds)) * 1000n + BigInt(Math.floor(nanos / 1_000_000))}`;
  into.add(`{"index":{"_index":"${indexName(packet)}","_type":"doc"}}\n`);
  into.add(`{"timestamp":"${millis}","layers":${layers.json()}}\n`);
}

/** Dots would make objects of what is none. */
const elasticName = (name: string): string => name.replaceAll('.', '_');

function addField(shown: Shown, filter: NameFilter, into: Members): void {
  const { name, field, value, children } = shown;
  // Before its name stands that of its protocol.
  if (field && value !== undefined) into.add(`${name.split('.', 1)[0]}_${elasticName(name)}`, valueJson(field, value));
  if (children.length > 0 && (name === '' || filter.opens(name, true)))
    for (const child of children) addField(child, filter, into);
}

function valueJson(field: NonNullable<Shown['field']>, value: NonNullable<Shown['value']>): Json {
  return typeof value === 'boolean' && field.size !== 0 ? `${value}` : jsonText(shownValue(field, value));
}
