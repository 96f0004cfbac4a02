import { expect, test } from 'vitest';
import { ladderMermaid } from '../../../analyzer/print/ladder-mermaid.js';
import { type LadderOptions, LadderSteps } from '../../../analyzer/print/ladder-steps.js';
import { ladderSvg } from '../../../analyzer/print/ladder-svg.js';
import { type LadderLook, ladderText } from '../../../analyzer/print/ladder-text.js';
import { alice, bob, carol, dave, type Host, host, mallory, type Scene } from '../../../fixtures/scene.js';
import { Talk } from '../../../fixtures/talk.js';
import { udp4 } from '../../../fixtures/ways.js';
import { packetsOf } from '../scene-packets.js';

const LOOK: LadderLook = { width: 80, ascii: false, color: false, time: 'r' };

function ladderFrom(
  play: (scene: Scene) => void,
  options: LadderOptions = { all: false },
  hosts: Host[] = [alice, bob],
) {
  const steps = new LadderSteps(options);
  for (const packet of packetsOf(play, hosts).packets) steps.take(packet);
  return steps.ladder();
}

const talk = (scene: Scene, initiator: Host, responder: Host, id: number): Talk =>
  new Talk(scene, { initiator, responder, id, way: udp4, mode: 'streaming-2' });

/** A NEW sent twice, a forged answer, the handshake, data of which some is lost and sent again, and the end. */
function play(scene: Scene): void {
  const one = talk(scene, alice, bob, 0x1a2b3c4d);
  one.open();
  scene.at(200);
  one.open();
  scene.at(210);
  one.acknowledge({}, { id: 0x1a2b6666, cookie1: new Uint8Array(16) });
  scene.at(220);
  one.acknowledge();
  scene.at(221);
  one.finalize();
  scene.at(240);
  one.confirm('responder');
  scene.at(300);
  one.say('initiator', 'one');
  const lost = one.numbered('initiator', one.data('two'));
  one.say('initiator', 'three');
  scene.at(600);
  one.deliver(lost);
  scene.at(700);
  one.close('initiator');
}

test('a handshake reads from top to bottom', () => {
  expect(ladderText(ladderFrom(play), LOOK)).toBe(`\
                    2bd806c9…                                         81b637d8…
                    192.0.2.1                                         192.0.2.2
     1    0.000000  │ #1 NEW 1a2b (cookie1 valid)                             │
                    ├────────────────────────────────────────────────────────▶│
     2    0.200000  │ #1 NEW 1a2b (cookie1 valid), again                      │
         +0.200000  ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│
                    │ · CHANNEL_NEW of packet 1 sent again                    │
     3    0.210000  │ #1 ACKNOWLEDGE 1a2b6666 (cookie1 invalid, cookie2       │
                    │   invalid), dropped                                     │
         +0.010000  │╳────────────────────────────────────────────────────────┤
                    │ ! cookie 1 is not what any known secret of its creator  │
                    │   yields                                                │
                    │ ! cookie 2 is not what any known secret of its creator  │
                    │   yields                                                │
     4    0.220000  │ #1 ACKNOWLEDGE 1a2b3c4d (cookie1 valid, cookie2 valid)  │
         +0.010000  │◀────────────────────────────────────────────────────────┤
     5    0.221000  │ #1 FINALIZE 1a2b3c4d streaming-2 (cookie2 valid)        │
         +0.001000  ├────────────────────────────────────────────────────────▶│
     6    0.240000  │ #1 WINDOW 64, confirms                                  │
         +0.019000  │◀────────────────────────────────────────────────────────┤
                    │ ⋮ 3 packets of data or reports (1 resent, 1 not seen in │
                    │   time)                                                 │
    10    0.700000  │ #1 CLOSE done                                           │
         +0.460000  ├────────────────────────────────────────────────────────▶│
`);
});

test('with --all every packet is drawn, and ASCII says the same', () => {
  const text = ladderText(ladderFrom(play, { all: true }), { ...LOOK, ascii: true });
  expect(text.split('\n').slice(-10, -1).join('\n')).toBe(
    `\
     7    0.300000  | #1 DATA 3                                               |
         +0.060000  +-------------------------------------------------------->|
     8    0.300026  | #1 DATA 5                                               |
         +0.000026  +-------------------------------------------------------->|
                    | ! 1 number before this one not seen                     |
     9    0.600000  | #1 DATA 3, again                                        |
         +0.299973  +........................................................>|
                    | . sent again (the first sending was not seen)           |
    10    0.700000  | #1 CLOSE done                                           |
         +0.100000  +-------------------------------------------------------->|
`
      .trimEnd()
      .split('\n')
      .slice(1)
      .join('\n'),
  );
  expect(text).toMatch(/^[\x20-\x7e\n]*$/);
});

/** Each of the hosts in turn asks the next. */
const circle =
  (...hosts: readonly Host[]) =>
  (scene: Scene): void => {
    for (const [place, initiator] of hosts.entries()) {
      const responder = hosts[(place + 1) % hosts.length] ?? alice;
      talk(scene, initiator, responder, 0x00010001 + place).establish(5);
    }
  };

test('several peers have a column each, and an arrow passes those between', () => {
  const text = ladderText(ladderFrom(circle(alice, bob, carol)), { ...LOOK, width: 72 });
  expect(text.split('\n').slice(0, 4).join('\n')).toBe(`\
                    2bd806c9…            81b637d8…            4c26d907…
                    192.0.2.1            192.0.2.2            192.0.2.3
     1    0.000000  │ #1 NEW 0001 (cookie1 valid)                     │
                    ├───────────────────────▶│                        │`);
  // Carol asks Alice: from the last column to the first.
  const asks = text.split('\n').findIndex((line) => line.includes('NEW 0001') && line.includes('#3'));
  expect(text.split('\n')[asks + 1]?.slice(20)).toBe('│◀────────────────────────────────────────────────┤');
});

test('peers that do not fit get a diagram for each two of them, who begins on the left', () => {
  const many = [alice, bob, carol, dave, mallory, host('erin', 5), host('frank', 6)];
  const text = ladderText(ladderFrom(circle(...many)), LOOK);
  const heads = text.split('\n').filter((line) => /^ +192\.0\.2\./.test(line));
  expect(heads.map((line) => line.trim().split(/ +/).join(' '))).toEqual([
    '192.0.2.1 192.0.2.2',
    '192.0.2.2 192.0.2.3',
    '192.0.2.3 192.0.2.4',
    '192.0.2.4 192.0.2.66',
    '192.0.2.66 192.0.2.5',
    '192.0.2.5 192.0.2.6',
    '192.0.2.6 192.0.2.1',
  ]);
});

test.each([48, 60, 80, 133, 200])('no line is wider than %i cells', (width) => {
  for (const scene of [play, circle(alice, bob, carol), circle(alice, bob, carol, dave, mallory)]) {
    for (const line of ladderText(ladderFrom(scene, { all: true }), { ...LOOK, width, time: 'ad' }).split('\n')) {
      expect(line.length).toBeLessThan(width);
    }
  }
});

test('only the channels that are asked for are drawn, their NEW too', () => {
  const scene = (one: Scene) => {
    talk(one, alice, bob, 0x1a2b3c4d).establish(5);
    talk(one, carol, bob, 0x1a2b0001).establish(5);
  };
  const ladder = ladderFrom(scene, { all: false, chosen: (_, c1, c2) => c1 === 0x1a2b && c2 !== 0x0001 });
  expect(ladder.steps.map((step) => (step.type === 'arrow' ? step.channel : step.type))).toEqual([1, 1, 1, 1]);
  expect(ladder.peers.map(({ address }) => address)).toEqual(['192.0.2.1', '192.0.2.2']);
});

test('times count from the first packet of the capture', () => {
  const steps = new LadderSteps({ all: false });
  const { packets } = packetsOf(play);
  const [first] = packets;
  if (first) steps.begin({ ...first, seconds: first.seconds - 10 });
  for (const packet of packets) steps.take(packet);
  expect(ladderText(steps.ladder(), LOOK)).toContain('     1   10.000000  │');
});

test('what is too much is counted', () => {
  const steps = new LadderSteps({ all: true }, 3);
  for (const packet of packetsOf(play).packets) steps.take(packet);
  expect(steps.ladder()).toMatchObject({ left: 7, steps: { length: 3 } });
  expect(ladderText(steps.ladder(), LOOK)).toMatch(/\n! 7 messages left out: there are too many\n$/);
});

test('a capture without handshakes says so', () => {
  expect(
    ladderText(
      ladderFrom(() => {}),
      LOOK,
    ),
  ).toBe('no handshakes\n');
});

test('Mermaid gets participants, arrows by their fate, and notes', () => {
  const lines = ladderMermaid(ladderFrom(play)).split('\n');
  expect(lines.slice(0, 8)).toEqual([
    'sequenceDiagram',
    '  participant p1 as 2bd806c9… 192.0.2.1',
    '  participant p2 as 81b637d8… 192.0.2.2',
    '  p1->>p2: channel 1: NEW 1a2b (cookie1 valid)',
    '  p1-->>p2: channel 1: NEW 1a2b (cookie1 valid)',
    '  Note over p1,p2: CHANNEL_NEW of packet 1 sent again',
    '  p2-xp1: channel 1: ACKNOWLEDGE 1a2b6666 (cookie1 invalid, cookie2 invalid)',
    '  Note over p2,p1: cookie 1 is not what any known secret of its creator yields',
  ]);
});

test('SVG is well-formed, with a line a peer and an arrow a message', () => {
  const svg = ladderSvg(ladderFrom(play));
  expect(svg.match(/<line [^>]*stroke="#bbb"\/>/g)).toHaveLength(2);
  expect(svg.match(/<path /g)).toHaveLength(7);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
  const open: string[] = [];
  for (const [, end, name = '', whole] of svg.matchAll(/<(\/?)(\w+)[^<>]*?(\/?)>/g)) {
    if (end) expect(open.pop()).toBe(name);
    else if (!whole) open.push(name);
  }
  expect(open).toEqual([]);
});
