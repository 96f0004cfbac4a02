import { etherText } from '../wire/field.js';
import type { Limit } from '../wire/stop.js';
import { CONTROL, DATA, frameControl } from './layout.js';

const { 'fc.type': type, 'fc.ds': ds } = frameControl.fields;

/** Where the addresses of a frame stand. */
const FIRST = 4;
const SECOND = 10;
const THIRD = 16;
const FOURTH = 24;
const ADDRESS = 6;

/** Where the source and the destination of data frames stand, by the bits "to" and "from the distribution system". */
const PLACES: readonly (readonly [source: number, destination: number])[] = [
  [SECOND, FIRST],
  [SECOND, THIRD],
  [THIRD, FIRST],
  [FOURTH, THIRD],
];

/** The source and the destination of the frame at `at`, where both are captured; control frames need not have a source. */
export function wlanEnds(view: DataView, at: number, { captured }: Limit): readonly [string, string] | undefined {
  if (at + frameControl.size > captured || type.read(view, at) === CONTROL) return undefined;
  const place = type.read(view, at) === DATA ? ds.read(view, at) : 0;
  const [source, destination] = PLACES[place] ?? [SECOND, FIRST];
  if (at + Math.max(source, destination) + ADDRESS > captured) return undefined;
  return [etherText(view, at + source), etherText(view, at + destination)];
}
