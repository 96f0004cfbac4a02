import { describe, expect, test } from 'vitest';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { suggest } from '../../../analyzer/filter/suggest.js';

const words = (text: string) => suggest(text, text.length).items.map((item) => item.text);

describe('suggestions', () => {
  test.each<[string, readonly string[]]>([
    ['udp.po', ['udp.port']],
    ['ip.ttl == 5 && udp.le', ['udp.length']],
    ['!(vlan.i', ['vlan.id']],
    ['channel.state == ', ['"new"', '"acknowledged"', '"established"', '"early"']],
    ['channel.mode == "t', []],
    ['channel.mode == t', ['"tcp"']],
    ['chan.msg.type == CHANNEL_A', ['CHANNEL_ACKNOWLEDGE']],
    ['expert.severity in {', ['"chat"', '"note"', '"warn"', '"error"']],
    ['chan.cookie1.status eq i', ['"invalid"']],
    ['ip.flags.df == ', ['True', 'False']],
    ['ip.ttl ', ['==', '!=', '>', '>=']],
    ['ip.ttl == 5 ', ['&&', '||']],
    ['frame.comment contains "udp.p', []],
    ['ttl', ['ip.ttl']],
  ])('after %s', (text, expected) => {
    expect(words(text).slice(0, Math.max(expected.length, 1)).slice(0, expected.length)).toEqual(expected);
    if (expected.length === 0) expect(words(text)).toEqual([]);
  });

  test('say where the word begins that they take the place of', () => {
    expect(suggest('udp && ip.tt == 3', 12)).toMatchObject({ from: 7, to: 12 });
  });

  test.each([
    'channel.state',
    'channel.mode',
    'chan.dialect',
    'chan.msg.type',
    'expert.code',
    'ip.flags.df',
    'ip.proto',
    'eth.type',
    'chan.checksum.status',
    'chan.cookie1.status',
  ])('for the values of %s make filters that are right', (field) => {
    const values = words(`${field} == `);
    expect(values.length).toBeGreaterThan(1);
    for (const value of values) expect(() => compileFilter(`${field} == ${value}`)).not.toThrow();
  });
});
