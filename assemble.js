/** Assembles `dissectors/wire/checksum.wat` into the module beside it: `npm run wasm`. */
import { readFile, writeFile } from 'node:fs/promises';
import wabt from 'wabt';

const SOURCE = 'dissectors/wire/checksum.wat';
const MODULE = 'dissectors/wire/checksum-module.ts';

/** Hex digits of a line. */
const LINE = 100;

const { parseWat } = await wabt();
const parsed = parseWat(SOURCE, await readFile(SOURCE, 'utf8'), { simd: true });
const hex = Buffer.from(parsed.toBinary({}).buffer).toString('hex');
parsed.destroy();
const lines = hex.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
await writeFile(
  MODULE,
  `/** \`checksum.wat\` as bytes, in hex. Written by \`npm run wasm\`. */
export const CHECKSUM_MODULE = \`
${lines.map((line) => `  ${line}\n`).join('')}\`;
`,
);
