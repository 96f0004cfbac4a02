/**
 * `npm run fuzz -- [--seconds N] [--cases N] [--seed N] [--only KIND,KIND] [--captures FOLDER]`: plays conversations that
 * were changed by chance to the whole program, and checks what must hold for any input. Repeatable: the same seed makes
 * the same cases. What breaks a rule is made as short as can be and put into `fixtures/hostile/`, which the tests play.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { fixtureCorpus } from './corpus.js';
import { fileOf } from './frames.js';
import { KINDS } from './kinds.js';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    cases: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    captures: { type: 'string' },
  },
});

const FOLDER = 'fixtures/hostile';
const until = values.cases === undefined ? Date.now() + 1000 * Number(values.seconds) : Number.POSITIVE_INFINITY;
const most = values.cases === undefined ? Number.POSITIVE_INFINITY : Number(values.cases);
const only = values.only?.split(',');
const kinds = KINDS.filter(({ name }) => !only || only.includes(name));
const corpus = await fixtureCorpus(values.captures);
const first = Number(values.seed);
const counts = new Map<string, number>();
const seen = new Set<string>();
let cases = 0;

for (let seed = first; cases < most && Date.now() < until; seed++) {
  for (const { name, run } of kinds) {
    const { tried, found } = await run(corpus, seed);
    counts.set(name, (counts.get(name) ?? 0) + tried);
    cases++;
    if (!found) continue;
    // One fault in many packets is one fault.
    const kind = found.message.replaceAll(/\d+/g, 'N');
    if (seen.has(kind)) continue;
    seen.add(kind);
    console.log(`${name}, seed ${seed}, from ${found.from}: ${found.message}`);
    const bytes = found.bytes ?? (found.frames && fileOf(found.frames));
    if (!bytes) continue;
    mkdirSync(FOLDER, { recursive: true });
    const path = `${FOLDER}/${name}-${seed}.pcapng`;
    writeFileSync(path, bytes);
    console.log(`  ${found.frames ? `${found.frames.length} frames: ` : ''}${path}`);
  }
}
for (const [name, count] of counts) console.log(`${name}: ${count}`);
console.log(`${cases} cases from seed ${first} on, ${seen.size} failures`);
process.exitCode = seen.size > 0 ? 1 : 0;
