import { elapsed } from '../text/elapsed.js';
import { type Arrow, arrowWords, hiddenText, type Ladder, type LadderNote, merged, peerName } from './ladder.js';

const GUTTER = 190;
const COLUMN = 380;
const LINE = 18;
const MARGIN = 24;
const COLORS = { taken: '#1f6feb', again: '#8c6d1f', dropped: '#c62828' } as const;
const NOTE_COLORS = { chat: '#666', note: '#555', warn: '#a15c00', error: '#c62828' } as const;

/** A diagram as a picture: SVG with nothing outside of it. Source: W3C, "Scalable Vector Graphics 1.1". */
export function ladderSvg({ origin, peers, steps, left }: Ladder): string {
  const lanes = new Map(peers.map(({ id }, place) => [id, GUTTER + 60 + place * COLUMN]));
  const right = GUTTER + 60 + Math.max(0, peers.length - 1) * COLUMN;
  const body: string[] = [];
  let y = MARGIN + 3 * LINE;
  let last: Arrow | undefined;
  for (const step of merged(steps)) {
    if (step.type === 'hidden') {
      body.push(text(GUTTER + 70, y, `⋮ ${hiddenText(step)}`, '#666'));
      y += LINE + 4;
    } else if (step.type === 'remark') {
      body.push(noteText(GUTTER + 70, y, step.note));
      y += LINE + 4;
    } else {
      const [from, to] = [lanes.get(step.from) ?? 0, lanes.get(step.to) ?? 0];
      const time = elapsed(origin.seconds, origin.nanos, step.seconds, step.nanos).slice(0, -3);
      const delta = last && `+${elapsed(last.seconds, last.nanos, step.seconds, step.nanos).slice(0, -3)}`;
      body.push(text(MARGIN, y, `${step.packet}`, '#666'), text(GUTTER, y, time, '#333', 'end'));
      if (delta) body.push(text(GUTTER, y + LINE - 4, delta.replace('+-', '-'), '#888', 'end'));
      const tag = step.channel === undefined ? '' : `#${step.channel} `;
      body.push(text((from + to) / 2, y, tag + arrowWords(step), '#111', 'middle'));
      y += 8;
      body.push(arrowLine(from, to, y, step.fate));
      y += LINE - 2;
      for (const note of step.notes) {
        body.push(noteText(Math.min(from, to) + 12, y, note));
        y += LINE - 2;
      }
      y += 8;
      last = step;
    }
  }
  if (left > 0) body.push(text(GUTTER + 70, y, `${left} messages left out`, '#c62828'));
  const height = y + MARGIN;
  const heads = peers.flatMap(({ id, address }) => {
    const x = lanes.get(id) ?? 0;
    return [
      `<line x1="${x}" y1="${MARGIN + LINE + 10}" x2="${x}" y2="${height - 10}" stroke="#bbb"/>`,
      text(x, MARGIN, peerName(id), '#111', 'middle'),
      text(x, MARGIN + LINE - 2, address, '#555', 'middle'),
    ];
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${right + 120}" height="${height}" font-family="monospace" font-size="12">`,
    `<rect width="100%" height="100%" fill="#fff"/>`,
    ...heads,
    ...body,
    '</svg>',
  ].join('\n')}\n`;
}

const text = (x: number, y: number, words: string, color: string, anchor = 'start'): string =>
  `<text x="${x}" y="${y}" fill="${color}" text-anchor="${anchor}">${escaped(words)}</text>`;

const noteText = (x: number, y: number, { severity, text: words }: LadderNote): string =>
  text(x, y, `${severity}: ${words}`, NOTE_COLORS[severity]);

/** A line with its head, or with a cross where it is dropped; one to oneself is a stub. */
function arrowLine(from: number, to: number, y: number, fate: Arrow['fate']): string {
  const way = to < from ? -1 : 1;
  const end = from === to ? from + 30 : to;
  const stroke = `stroke="${COLORS[fate]}" stroke-width="1.5"${fate === 'again' ? ' stroke-dasharray="5 3"' : ''}`;
  const line = `<line x1="${from}" y1="${y}" x2="${end - 6 * way}" y2="${y}" ${stroke}/>`;
  const tip = end - 10 * way;
  const head =
    fate === 'dropped' || from === to
      ? `<path d="M${tip} ${y - 5}l${8 * way} 10m${-8 * way} 0l${8 * way} -10" ${stroke} fill="none"/>`
      : `<path d="M${end} ${y}l${-10 * way} -5v10z" fill="${COLORS[fate]}"/>`;
  return line + head;
}

/** Text of a capture as XML, without what XML cannot hold. */
const escaped = (words: string): string =>
  words
    .replaceAll(/[\p{Cc}\p{Cs}\p{Cf}\uFFFE\uFFFF]/gu, '·')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
