import { readFileSync } from 'node:fs';

/** Modules are loaded many at a time, each from a file of its own; so many may have to be open, and some more. */
const ENOUGH = 128;

/** How many files this process may have open; unknown where the system does not tell without being asked by a program. */
function mostOpenFiles(): number | undefined {
  try {
    const [, most] = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return most === undefined ? undefined : Number(most);
  } catch {
    return undefined;
  }
}

/** Loads the modules of the program one after the other, if they must not be open together. */
export async function loadInTurn(): Promise<void> {
  const most = mostOpenFiles();
  if (most === undefined || most >= ENOUGH) return;
  const order: readonly string[] = JSON.parse(readFileSync(new URL('./load-order.json', import.meta.url), 'utf8'));
  for (const file of order) await import(new URL(file, import.meta.url).href);
}
