import * as z from 'zod';
import { HANDSHAKE_KINDS } from '../handshakes/handshake.js';
import { knownFields } from '../print/known-fields.js';
import { STATS_KINDS } from '../stats/kinds.js';
import type { Captures } from './captures.js';
import { LINES, type PageRange, type Shape } from './page.js';
import { type Play, playPage } from './play.js';

/** What a tool has to answer with. */
export interface Asked {
  readonly captures: Captures;
  readonly play: Play;
  readonly signal: AbortSignal;
}

/** An answer: lines of text, and what there is to say about them. */
export interface Answer {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** A tool, as agents see it. */
export interface Tool<Shape extends z.ZodRawShape = z.ZodRawShape> {
  readonly title: string;
  readonly about: string;
  readonly shape: Shape;
  /** Whether it reaches beyond this machine's files. */
  readonly sends?: boolean;
  readonly answer: (given: z.infer<z.ZodObject<Shape>>, asked: Asked) => Promise<Answer>;
}

const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const capture = z.string().optional().describe('which capture, by its name in `captures`; the first unless given');
const filter = z
  .string()
  .optional()
  .describe('a display filter as in Wireshark, such as `chan.id == 1a2b3c4d && ip.ttl < 5`');
const limit = whole(1, LINES.most).optional().describe(`rows at most; ${LINES.usual} unless given`);
const offset = whole(0, 1e9).optional().describe('rows to pass over: where the page before ended');
const handshakeKinds = z.enum(HANDSHAKE_KINDS as unknown as readonly [string, ...string[]]);

const rangeOf = (given: { readonly limit?: number | undefined; readonly offset?: number | undefined }): PageRange => ({
  limit: given.limit ?? LINES.usual,
  offset: given.offset ?? 0,
});

const tool = <Shape extends z.ZodRawShape>(given: Tool<Shape>): Tool => given as unknown as Tool;

/** What `-Y` is given: all of these, as far as there are any. */
function filterWords(...filters: readonly (string | undefined)[]): readonly string[] {
  const given = filters.filter((one) => one !== undefined && one.trim() !== '');
  if (given.length === 0) return [];
  return ['-Y', given.length === 1 ? `${given[0]}` : given.map((one) => `(${one})`).join(' && ')];
}

/** Runs a command on a capture. */
async function page(
  asked: Asked,
  name: string | undefined,
  words: readonly string[],
  range: PageRange,
  shape?: Shape,
): Promise<Answer> {
  const { captures, play, signal } = asked;
  const all = [...words, ...captures.shared, '-r', captures.named(name).path];
  const { lines, isFull, remarks } = await playPage(play, all, range, signal, shape);
  const more = isFull ? [`there is more: ask again with offset ${range.offset + lines.length}, or narrow it`] : [];
  return { lines, notes: [...more, ...remarks] };
}

/** Keeps some members of a line of JSON. */
const only =
  (...names: readonly string[]) =>
  (line: string): string => {
    const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return JSON.stringify(Object.fromEntries(names.flatMap((name) => (name in row ? [[name, row[name]]] : []))));
  };

/** What tells of a handshake in a list; its messages are for `explain_handshake`. */
const HANDSHAKE = [
  ...['number', 'kind', 'initiator', 'responder', 'id', 'channel', 'state', 'reason', 'cookie_status', 'proof_status'],
  ...['stateless', 'evidence', 'attempts', 'resent', 'rtt_challenge_us', 'rtt_answer_us', 'first', 'last'],
];
/** What tells of a verdict; rows without one are left out. */
const VERDICTS = ['cookie_status', 'proof_status', 'cookie1_status', 'cookie2_status'];
const JUDGED = ['number', 'kind', 'initiator', 'responder', 'id', 'state', ...VERDICTS, 'reason'];

const verdicts: Shape = (line) => {
  const row = JSON.parse(line) as Readonly<Record<string, unknown>>;
  return VERDICTS.some((name) => name in row) ? only(...JUDGED)(line) : undefined;
};

/** All tools that only read. */
export const READING_TOOLS: Readonly<Record<string, Tool>> = {
  captures: tool({
    title: 'Captures',
    about: 'The captures that can be asked about, each with its packets, protocols and times. Begin here.',
    shape: {},
    answer: async (_, asked) => {
      const answers: Answer[] = [];
      for (const { name, isLive } of asked.captures.all) {
        const counted = await page(asked, name, ['stats', 'io', '--interval', '0'], { offset: 0, limit: LINES.usual });
        const { lines } = await page(asked, name, ['stats', 'hierarchy'], { offset: 0, limit: LINES.usual });
        const head = `capture ${JSON.stringify(name)}${isLive ? ', still growing' : ''}`;
        answers.push({ lines: [head, ...counted.lines, ...lines, ''], notes: counted.notes });
      }
      return { lines: answers.flatMap(({ lines }) => lines), notes: answers.flatMap(({ notes }) => notes) };
    },
  }),
  list_channels: tool({
    title: 'Channels',
    about:
      'The channels of the channel protocol: who opened each, how far it came, verdicts on its two cookies, traffic of each direction. JSON, a row a channel.',
    shape: { capture, filter, limit, offset },
    answer: (given, asked) =>
      page(asked, given.capture, ['channels', '-T', 'json', ...filterWords(given.filter)], rangeOf(given)),
  }),
  list_handshakes: tool({
    title: 'Handshakes',
    about:
      'Handshakes of every protocol (channels, TCP, SCTP, TLS, DTLS, QUIC, DNS cookies, WireGuard, IKEv2 and more): state, the reason for it in a sentence, cookie verdicts, times. JSON, a row a handshake.',
    shape: {
      capture,
      kind: handshakeKinds.optional().describe('only those of one protocol'),
      outcome: z.string().optional().describe('only those that ended so: established, timed-out, refused, …'),
      filter,
      limit,
      offset,
    },
    answer: (given, asked) => {
      const outcome = given.outcome === undefined ? undefined : `handshake.outcome == ${JSON.stringify(given.outcome)}`;
      const kind = given.kind === undefined ? [] : ['--kind', given.kind];
      const words = ['handshakes', '-T', 'json', ...kind, ...filterWords(given.filter, outcome)];
      return page(asked, given.capture, words, rangeOf(given), only(...HANDSHAKE));
    },
  }),
  explain_handshake: tool({
    title: 'One handshake',
    about:
      'Why one handshake ended as it did: its state, reason and evidence, its messages as a ladder, and its packets with what is odd about each.',
    shape: { capture, number: whole(1, 1e9).describe('its number in `list_handshakes`') },
    answer: async ({ capture: name, number }, asked) => {
      const of = ['-Y', `handshake.number == ${number}`];
      const row = await page(asked, name, ['handshakes', '-T', 'json', ...of], { offset: 0, limit: 1 });
      if (row.lines.length === 0) return { lines: [], notes: [`there is no handshake ${number}`] };
      const ladder = await page(asked, name, ['ladder', '--handshake', `${number}`], { offset: 0, limit: 120 });
      const packets = await page(asked, name, ['decode', ...of], { offset: 0, limit: 60 });
      return {
        lines: [...row.lines, '', ...ladder.lines, '', ...packets.lines],
        notes: [...new Set([...row.notes, ...ladder.notes, ...packets.notes])],
      };
    },
  }),
  find_packets: tool({
    title: 'Packets',
    about:
      'Packets that a display filter passes, in order: a line each, or the fields that are named, as CSV. `list_fields` tells which fields there are.',
    shape: {
      capture,
      filter,
      from: whole(1, 1e12).optional().describe('the first packet number that is looked at'),
      to: whole(1, 1e12).optional().describe('the last'),
      fields: z.array(z.string().min(1)).max(40).optional().describe('such as ["frame.number", "ip.src", "chan.id"]'),
      limit,
      offset,
    },
    answer: (given, asked) => {
      const { from, to, fields = [] } = given;
      const range = from === undefined ? undefined : `frame.number >= ${from}`;
      const until = to === undefined ? [] : ['-c', `${to}`];
      const named = fields.length === 0 ? [] : ['-T', 'csv', ...fields.flatMap((field) => ['-e', field])];
      const words = ['decode', ...named, ...until, ...filterWords(range, given.filter)];
      return page(asked, given.capture, words, rangeOf(given));
    },
  }),
  show_packet: tool({
    title: 'One packet',
    about: 'One packet in full: the tree of its layers and fields with findings, the same as JSON, or its bytes.',
    shape: {
      capture,
      number: whole(1, 1e12),
      as: z.enum(['tree', 'json', 'hex']).optional().describe('tree unless given'),
      limit,
      offset,
    },
    answer: (given, asked) => {
      const how = { tree: ['-V'], json: ['-T', 'json'], hex: ['-x'] }[given.as ?? 'tree'];
      const { number } = given;
      const words = ['decode', ...how, '-c', `${number}`, '-Y', `frame.number == ${number}`];
      return page(asked, given.capture, words, rangeOf(given));
    },
  }),
  ladder: tool({
    title: 'Ladder',
    about: 'A sequence diagram as text, of handshakes or channels, or of what a filter passes.',
    shape: {
      capture,
      handshake: whole(1, 1e9).optional().describe('a number in `list_handshakes`'),
      channel: z.string().optional().describe('a number in `list_channels`, or an id in hex'),
      filter,
      all: z.boolean().optional().describe('every packet, data too'),
      limit,
      offset,
    },
    answer: (given, asked) => {
      const words = [
        'ladder',
        ...(given.handshake === undefined ? [] : ['--handshake', `${given.handshake}`]),
        ...(given.channel === undefined ? [] : ['--channel', given.channel]),
        ...(given.all ? ['--all'] : []),
        ...filterWords(given.filter),
      ];
      return page(asked, given.capture, words, rangeOf(given));
    },
  }),
  statistics: tool({
    title: 'Statistics',
    about:
      'What a capture has, counted: protocols (hierarchy), endpoints, conversations, packets over time (io), handshakes by responder, findings (expert). JSON, a row each.',
    shape: {
      capture,
      kind: z.enum(STATS_KINDS),
      filter,
      interval: z.number().positive().max(1e6).optional().describe('seconds of a row, of io'),
      limit,
      offset,
    },
    answer: (given, asked) => {
      const interval = given.interval === undefined ? [] : ['--interval', `${given.interval}`];
      const words = ['stats', given.kind, '-T', 'json', ...interval, ...filterWords(given.filter)];
      return page(asked, given.capture, words, rangeOf(given));
    },
  }),
  judge: tool({
    title: 'Verdicts on cookies',
    about:
      'Whether cookies, tags and proofs of handshakes were made with the secrets that the server was started with: valid, invalid, or no more than echoed. The secrets themselves are never told.',
    shape: {
      capture,
      of: z
        .enum(['channels', 'handshakes'])
        .optional()
        .describe('channels have two cookies each; handshakes unless given'),
      filter,
      limit,
      offset,
    },
    answer: async (given, asked) => {
      const words = [given.of ?? 'handshakes', '-T', 'json', ...filterWords(given.filter)];
      const answer = await page(asked, given.capture, words, rangeOf(given), verdicts);
      const has = asked.captures.shared.includes('--secrets');
      const without =
        'no secrets file was named: only secrets inside the capture judge; start the server with --secrets';
      return has ? answer : { ...answer, notes: [...answer.notes, without] };
    },
  }),
  list_fields: tool({
    title: 'Fields',
    about: 'Fields that filters and `find_packets` can name, with what they mean.',
    shape: {
      search: z.string().describe('part of a name or of what it means, such as `cookie` or `tcp.`'),
      limit,
      offset,
    },
    answer: async (given) => {
      const { limit: most, offset: from } = rangeOf(given);
      const wanted = given.search.toLowerCase();
      const found = [...knownFields()]
        .map(([path, { label, kind }]) => `${path} (${kind}): ${label}`)
        .filter((line) => line.toLowerCase().includes(wanted))
        .sort();
      const lines = found.slice(from, from + most);
      return { lines, notes: lines.length < found.length ? [`${found.length} in all`] : [] };
    },
  }),
};
