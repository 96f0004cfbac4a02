import { openReading, packetsOf, type Reading } from '../../../analyzer/commands/reading.js';
import type { Packet } from '../../../analyzer/print/packet.js';
import type { Cell, Sheet } from '../../../analyzer/stats/sheet.js';

const OPTIONS = { secrets: [], track: true, color: 'never' } as const;

/** Hands every packet of a capture to `take`; returns what they were read with. */
export async function readAll(path: string, take: (packet: Packet) => void): Promise<Reading> {
  const reading = await openReading(path, OPTIONS);
  for await (const next of packetsOf(reading)) for (let packet = next(); packet; packet = next()) take(packet);
  await reading.capture.close();
  return reading;
}

/** The rows of a table, each as an object by the keys of its columns. */
export const rowsOf = ({ columns, rows }: Sheet): readonly Readonly<Record<string, Cell>>[] =>
  rows.map((row) => Object.fromEntries(columns.map(({ key }, place) => [key, row[place]])));
