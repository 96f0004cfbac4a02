import type { Field } from '../wire/field.js';
import type { Line } from '../wire/line.js';

/** Shows the length, in bytes, that a packet is taken to have whose sender wrote 0. */
export function presumeLength(lines: Line[], { path, label }: Field & { readonly path: string }, length: number): void {
  const index = lines.findIndex((line) => line.path === path);
  const line = lines[index];
  const text = `${label}: ${length} (0 in the packet: left to the network card to segment)`;
  if (line) lines[index] = { ...line, value: length, text };
}
