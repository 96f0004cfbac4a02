import { statSync } from 'node:fs';
import { readFilter } from '../filter/compile.js';
import { namedFields } from '../filter/leaf.js';
import { readMeasure } from '../stats/measure.js';
import { LINKS, Links } from '../track/links.js';
import { isLive } from './live-options.js';
import { openReading, packetsOf } from './reading.js';
import type { ReadingOptions } from './reading-options.js';
import { UsageError } from './usage-error.js';

/** What options name that only a first pass over the capture can tell. */
export function linksNamed({ twoPass, filter, field = [], column = [] }: ReadingOptions): string | undefined {
  if (twoPass) return '-2';
  const columns = column.map(readMeasure).flatMap((read) => (typeof read === 'string' ? [] : [read]));
  const filters = [...(filter === undefined ? [] : [filter]), ...columns.map((read) => read.filter)];
  const measured = columns.flatMap(({ field: name }) => (name === undefined ? [] : [name]));
  const named = [...field, ...measured, ...filters.flatMap((text) => namedFields(readFilter(text).checked))];
  return named.find((name) => Object.hasOwn(LINKS, name));
}

/**
 * Reads a capture for how its packets belong together.
 * @param asking what asks for it, for the complaint
 * @throws {UsageError} for what cannot be read twice
 */
export async function readLinks(
  path: string,
  options: ReadingOptions,
  asking: string,
  signal?: AbortSignal,
): Promise<Links> {
  const isFile = path !== '-' && !isLive(options) && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? true);
  if (!isFile) throw new UsageError(`${asking}: needs a file: what is not one cannot be read twice`);
  if (!options.track) throw new UsageError(`--no-track: ${asking} needs tracking`);
  const { secrets, dialect, color, countCustomBlocks = false } = options;
  const wanted = { secrets, color, track: true, countCustomBlocks, ...(dialect && { dialect }) };
  const reading = await openReading(path, wanted, signal);
  const links = new Links();
  try {
    for await (const next of packetsOf(reading, options.count)) {
      for (let packet = next(); packet; packet = next()) links.take(packet.dissection, packet.facts);
    }
  } finally {
    await reading.capture.close();
  }
  return links;
}
