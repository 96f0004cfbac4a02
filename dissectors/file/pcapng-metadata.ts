import { slice } from '../wire/view.js';
import type { CaptureEvent, EventLog, NameRecord } from './events.js';
import { padded } from './pcapng-blocks.js';
import { type Area, commentsProperty, type Option, optionsOf, textProperty } from './pcapng-options.js';
import { clockOf, slowTime } from './pcapng-time.js';
import type { CaptureInterface, Resolution } from './records.js';
import { textOfUtf8 } from './utf8.js';

/** The blocks that are not packets. Each takes the body of its block: what lies between the two lengths. */

/** Source: draft-ietf-opsawg-pcapng, "Section Header Block". */
export function readSection(body: Area, section: number, version: string): CaptureEvent {
  const area = { ...body, start: body.start + 16 };
  const options = optionsOf(area);
  return {
    type: 'section',
    section,
    littleEndian: body.littleEndian,
    version,
    ...textProperty(area, options, 2, 'hardware'),
    ...textProperty(area, options, 3, 'os'),
    ...textProperty(area, options, 4, 'application'),
    ...commentsProperty(area, options),
  };
}

/**
 * Source: draft-ietf-opsawg-pcapng, "Interface Description Block".
 * @param withTexts whether its name and other texts are kept
 */
export function readInterface(body: Area, section: number, withTexts: boolean): CaptureInterface {
  const { view, start, littleEndian } = body;
  const area = { ...body, start: start + 8 };
  const options = optionsOf(area);
  const fcs = options.find(({ code, length }) => code === 13 && length === 1);
  return {
    linkType: view.getUint16(start, littleEndian),
    snapLength: view.getUint32(start + 4, littleEndian),
    resolution: resolutionOf(area, options),
    offset: offsetOf(area, options),
    section,
    ...(fcs && { fcsLength: view.getUint8(fcs.at) }),
    ...(withTexts && textsOf(area, options)),
  };
}

const textsOf = (area: Area, options: readonly Option[]) => ({
  ...textProperty(area, options, 2, 'name'),
  ...textProperty(area, options, 3, 'description'),
  ...filterOf(area, options),
  ...textProperty(area, options, 12, 'os'),
  ...textProperty(area, options, 15, 'hardware'),
  ...commentsProperty(area, options),
});

function resolutionOf({ view }: Area, options: readonly Option[]): Resolution {
  const option = options.find(({ code, length }) => code === 9 && length === 1);
  if (option === undefined) return { base: 10, exponent: 6 };
  const value = view.getUint8(option.at);
  return { base: value & 0x80 ? 2 : 10, exponent: value & 0x7f };
}

function offsetOf({ view, littleEndian }: Area, options: readonly Option[]): number {
  const option = options.find(({ code, length }) => code === 14 && length === 8);
  return option ? Number(view.getBigInt64(option.at, littleEndian)) : 0;
}

/** A filter as text; one that was stored as BPF instructions is left out. */
function filterOf(area: Area, options: readonly Option[]): { readonly filter?: string } {
  const option = options.find(({ code, length }) => code === 11 && length > 0);
  if (option === undefined || area.view.getUint8(option.at) !== 0) return {};
  return textProperty(area, [{ ...option, at: option.at + 1, length: option.length - 1 }], 11, 'filter');
}

const STATISTICS = [
  [4, 'received'],
  [5, 'dropped'],
  [6, 'accepted'],
  [7, 'droppedByOs'],
  [8, 'delivered'],
] as const;

/** Source: draft-ietf-opsawg-pcapng, "Interface Statistics Block". */
export function readStatistics(body: Area, interfaceId: number, on: CaptureInterface): CaptureEvent {
  const { view, start, littleEndian } = body;
  const clock = clockOf(on.resolution, on.offset);
  const [high, low] = [view.getUint32(start + 4, littleEndian), view.getUint32(start + 8, littleEndian)];
  const [seconds, nanos] = slowTime(clock, high, low);
  const area = { ...body, start: body.start + 12 };
  const options = optionsOf(area);
  const counts: Partial<Record<(typeof STATISTICS)[number][1], number>> = {};
  for (const [number, key] of STATISTICS) {
    const option = options.find(({ code, length }) => code === number && length === 8);
    if (option) counts[key] = Number(view.getBigUint64(option.at, littleEndian));
  }
  return { type: 'statistics', interfaceId, seconds, nanos, ...counts, ...commentsProperty(area, options) };
}

const NAME_KINDS: Readonly<Record<number, readonly [NameRecord['kind'], size: number]>> = {
  1: ['ipv4', 4],
  2: ['ipv6', 16],
  3: ['eui48', 6],
  4: ['eui64', 8],
};

/** Source: draft-ietf-opsawg-pcapng, "Name Resolution Block". */
export function readNames({ view, start, end, littleEndian }: Area, log: EventLog): void {
  for (let at = start; at + 4 <= end; ) {
    const type = view.getUint16(at, littleEndian);
    const length = view.getUint16(at + 2, littleEndian);
    const next = at + 4 + padded(length);
    if (type === 0 || at + 4 + length > end) return;
    const [kind, size] = NAME_KINDS[type] ?? [undefined, 0];
    if (kind !== undefined && length > size) {
      const value = slice(view, at + 4, at + 4 + length).slice();
      log.add(length, () => ({ type: 'name', kind, address: value.subarray(0, size), names: namesIn(value, size) }));
    }
    at = next;
  }
}

const namesIn = (value: Uint8Array, from: number): readonly string[] =>
  textOfUtf8(value.subarray(from))
    .split('\0')
    .filter((name) => name !== '');

/** The kind, and where the bytes lie; undefined if they are longer than the block. */
export function secretsIn({ view, start, end, littleEndian }: Area) {
  if (start + 8 > end) return undefined;
  const kind = view.getUint32(start, littleEndian);
  const length = view.getUint32(start + 4, littleEndian);
  return start + 8 + length > end ? undefined : { kind, bytes: slice(view, start + 8, start + 8 + length) };
}
