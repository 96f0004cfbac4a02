import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type BuildContext, context } from 'esbuild';
import type { DialectName } from '../../../dissectors/channel/dialects.js';
import type { Asked } from './mutant-entry.js';
import type { Mutant } from './mutants.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const PEER = /crafter[\\/]peer[\\/][^\\/]+\.ts$/;

/** A fault can make a peer go round in circles: then it is stopped, by these bounds. In milliseconds, and in megabytes. */
const LONGEST = 60_000;
const MOST_MEMORY = 512;

/** Runs the suite in a worker; one that does not come to its end failed everything. */
function run(file: string, workerData: Asked): Promise<readonly string[]> {
  const worker = new Worker(file, { workerData, resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY } });
  return new Promise((resolve) => {
    const end = (failed: readonly string[]): void => {
      clearTimeout(timer);
      void worker.terminate();
      resolve(failed);
    };
    const timer = setTimeout(() => end(['does not end']), LONGEST);
    worker.on('message', end);
    worker.on('error', (error) => end([`throws: ${error.message}`]));
  });
}

/** Builds the suite with the built-in peer again and again, each time with another fault in the peer. */
export class Mutator {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mutants-'));
  readonly #builds: BuildContext;
  #mutant: Mutant | undefined;
  #count = 0;

  private constructor(start: (source: (path: string) => Promise<string>) => BuildContext) {
    this.#builds = start(async (path) => this.#mutated(path, await readFile(path, 'utf8')));
  }

  static async start(): Promise<Mutator> {
    let source = (_path: string): Promise<string> => Promise.resolve('');
    const builds = await context({
      entryPoints: [join(HERE, 'mutant-entry.ts')],
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      plugins: [
        {
          name: 'mutant',
          setup: (build) => {
            build.onLoad({ filter: PEER }, async ({ path }) => ({ contents: await source(path), loader: 'ts' }));
          },
        },
      ],
    });
    return new Mutator((given) => {
      source = given;
      return builds;
    });
  }

  /**
   * The conformance tests that a mutant fails, or that the peer itself fails where there is none.
   * @param names the tests to play; all where none is named
   */
  async failing(
    mutant: Mutant | undefined,
    dialect: DialectName,
    names: readonly string[] = [],
  ): Promise<readonly string[]> {
    this.#mutant = mutant;
    const { outputFiles = [] } = await this.#builds.rebuild();
    this.#count += 1;
    const file = join(this.#folder, `${this.#count}.mjs`);
    writeFileSync(file, outputFiles[0]?.text ?? '');
    return run(file, { dialect, names });
  }

  async stop(): Promise<void> {
    await this.#builds.dispose();
    rmSync(this.#folder, { recursive: true });
  }

  #mutated(path: string, source: string): string {
    const mutant = this.#mutant;
    if (!mutant || basename(path) !== mutant.file) return source;
    const pieces = source.split(mutant.from);
    if (pieces.length !== 2) throw new Error(`${mutant.file} has ${pieces.length - 1} places for "${mutant.what}"`);
    return pieces.join(mutant.to);
  }
}
