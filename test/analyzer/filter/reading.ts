import { openReading, packetsOf } from '../../../analyzer/commands/reading.js';
import { type Filter, readFilter } from '../../../analyzer/filter/compile.js';
import type { Packet } from '../../../analyzer/print/packet.js';

/** Shows each packet of a capture, while it is there. */
export async function eachPacket(path: string, visit: (packet: Packet) => void, secrets: readonly string[] = []) {
  const reading = await openReading(path, { secrets, track: true, field: ['tcp.analysis'], color: 'never' });
  try {
    for await (const next of packetsOf(reading)) for (let packet = next(); packet; packet = next()) visit(packet);
  } finally {
    await reading.capture.close();
  }
}

/** What a filter makes of a capture: the numbers of the packets that pass, or that it is not legal. */
export type Verdict = readonly number[] | 'illegal';

/** The verdicts of filters, each on its own, over one capture. */
export async function verdictsOf(
  path: string,
  filters: readonly string[],
  secrets: readonly string[] = [],
): Promise<readonly Verdict[]> {
  const compiled = compileAll(filters);
  const passed = filters.map((): number[] => []);
  await eachPacket(
    path,
    (packet) => {
      for (const [place, filter] of compiled.entries()) if (filter?.passes(packet)) passed[place]?.push(packet.number);
    },
    secrets,
  );
  return compiled.map((filter, place) => (filter ? (passed[place] ?? []) : 'illegal'));
}

const COMPILED = new Map<string, Filter | undefined>();

/** Compiles filters, each once: tables are asked of many captures. */
function compileAll(filters: readonly string[]): readonly (Filter | undefined)[] {
  for (const text of filters) if (!COMPILED.has(text)) COMPILED.set(text, filterOf(text));
  return filters.map((text) => COMPILED.get(text));
}

function filterOf(text: string): Filter | undefined {
  try {
    return readFilter(text);
  } catch (error) {
    if (error instanceof Error && error.name === 'FilterError') return undefined;
    throw error;
  }
}

/** A verdict as the table has it: `1-3,7`, `none`, `illegal`. */
export function verdictText(verdict: Verdict): string {
  if (verdict === 'illegal') return verdict;
  const runs: [number, number][] = [];
  for (const number of verdict) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join() || 'none';
}
