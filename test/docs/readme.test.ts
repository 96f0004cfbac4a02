import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { PtySession } from '../analyzer/ui/pty.js';

let session: PtySession | undefined;
afterEach(() => session?.kill());

/** What a newcomer sees: `npm start`, then `: 101 Enter`, Tab, End. */
async function frame(): Promise<string> {
  session = new PtySession(process.execPath, ['dist/start.js'], 100, 30);
  await session.untilShown('packet 1 of 233');
  session.send(':101\r');
  await session.untilShown('packet 101 of 233');
  await session.untilShown('Packet 101');
  session.send('\t');
  await session.untilShown('Enter open');
  session.send('\x1b[F');
  await session.untilShown('Findings (1)');
  return session.rows().join('\n').trimEnd();
}

test('the frame in the README is what `npm start` shows', async () => {
  const readme = readFileSync('README.md', 'utf8');
  const shown = await frame();
  if (process.env.UPDATE_FRAME) console.log(`\n${shown}\n`);
  expect(readme).toContain(`\`\`\`\n${shown}\n\`\`\`\n`);
}, 60_000);
