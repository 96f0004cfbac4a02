import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { check } from '../../../crafter/script/check.js';
import { COMMANDS } from '../../../crafter/script/command-fields.js';
import { FUNCTIONS } from '../../../crafter/script/functions.js';
import { parse } from '../../../crafter/script/parser.js';
import { NETWORK_SETTINGS, PEER_SETTINGS } from '../../../crafter/script/peer-settings.js';
import { failureText, storyText, verdictLine } from '../../../crafter/script/report.js';
import { playVirtually } from '../../../crafter/script/virtual-play.js';
import { CONSTANTS, MESSAGE_WORDS } from '../../../crafter/script/words.js';

const page = readFileSync(new URL('../../../docs/scripts.md', import.meta.url), 'utf8');
const examples = [...page.matchAll(/```handshark\n(.*?)```/gs)].map(([, text]) => text ?? '');

describe('the page about scripts', () => {
  test.each(examples.map((text) => [text.split('\n')[0] ?? '', text] as const))(
    'has an example that runs: %s',
    (_, text) => {
      const play = playVirtually(check(parse('docs/scripts.md', text)), 11);
      expect(play.outcome, verdictLine(play) + failureText(play) + storyText(play)).toEqual({ verdict: 'pass' });
    },
  );

  test('tells of every function, word, message, command and setting', () => {
    const names = [
      ...Object.keys(FUNCTIONS).map((name) => `\`${name}(`),
      ...[...CONSTANTS.keys()].map((word) => `\`${word}\``),
      ...[...MESSAGE_WORDS.keys()].filter((word) => !word.includes('_')).map((word) => `\`${word}\``),
      ...Object.keys(COMMANDS).map((name) => `\`${name}(`),
      ...[...PEER_SETTINGS, ...NETWORK_SETTINGS].map((name) => `\`${name}\``),
    ];
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  });
});
