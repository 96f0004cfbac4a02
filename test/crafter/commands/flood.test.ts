import { expect, test } from 'vitest';
import { FloodGuard } from '../../../crafter/commands/flood.js';

const eth9 = { name: 'eth9', isOwn: false };
const REFUSED = 'eth9: more than 1000 packets a second may flood a network; say --yes if that is meant';

/** Somebody who always answers the same, and remembers what was asked. */
function asked(answer: boolean, yes = false) {
  const questions: string[] = [];
  const confirm = async (question: string) => {
    questions.push(question);
    return answer;
  };
  return { questions, consent: { yes, confirm } };
}

test.each([
  ['top speed', { by: 'nothing' }, Number.POSITIVE_INFINITY, true],
  ['top speed, but few', { by: 'nothing' }, 1000, false],
  ['top speed, one more', { by: 'nothing' }, 1001, true],
  ['a high rate', { by: 'rate', rate: 1000.1 }, 5000, true],
  ['a rate just allowed', { by: 'rate', rate: 1000 }, 5000, false],
  ['the captured pace, which is not known yet', { by: 'capture', speed: 100 }, 5000, false],
] as const)('%s is a flood beforehand: %4$s', async (_, pace, count, isFlood) => {
  const { questions, consent } = asked(false);
  const before = new FloodGuard(eth9, consent).before(pace, count);
  if (isFlood) await expect(before).rejects.toThrow(REFUSED);
  else await before;
  expect(questions.length).toBe(isFlood ? 1 : 0);
});

test('the packet after a thousand within a second is a flood', async () => {
  const { questions, consent } = asked(false);
  const guard = new FloodGuard(eth9, consent);
  // A thousand a second go on for ever, whatever their times sum up to.
  for (let count = 0; count < 5000; count++) expect(guard.check(count / 1.0)).toBeUndefined();
  await expect(guard.check(4999.5)).rejects.toThrow(REFUSED);
  expect(questions).toEqual(['eth9: more than 1000 packets a second may flood a network. Send them?']);
});

test('who says yes is asked once', async () => {
  const { questions, consent } = asked(true);
  const guard = new FloodGuard(eth9, consent);
  await guard.before({ by: 'nothing' }, 5000);
  for (let count = 0; count < 5000; count++) await guard.check(0);
  expect(questions.length).toBe(1);
});

test.each([
  ['said yes before', eth9, true],
  ['floods what is one’s own', { name: 'lo', isOwn: true }, false],
])('who %s is not asked', async (_, target, yes) => {
  const { questions, consent } = asked(false, yes);
  const guard = new FloodGuard(target, consent);
  await guard.before({ by: 'nothing' }, 5000);
  for (let count = 0; count < 5000; count++) expect(guard.check(0)).toBeUndefined();
  expect(questions).toEqual([]);
});
