import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CLAIM_NAMES, type ClaimName } from '../crafter/simulation/claim-names.js';
import { printed } from './printed.js';

/** A claim of the article: its title, what is argued, and the packets that are drawn of what is recorded. */
interface Section {
  readonly title: string;
  readonly text: string;
  /** A filter for the ladder: what belongs to a flood would fill the page. No ladder if there is nothing to draw. */
  readonly ladder: string | undefined;
}

const HONEST = 'ip.addr == 10.0.0.1';

const SECTIONS: Readonly<Record<ClaimName, Section>> = {
  flood: {
    title: 'A flood, against state and against cookies',
    text: `A responder that keeps an entry for every NEW can be filled with entries by somebody who answers nothing. It then forgets
honest attempts, whichever rule it has for a full table. If instead it sends all that it needs to know along with a cookie
that only it can make, it keeps nothing, and a NEW costs it an answer no larger than the NEW itself.`,
    ladder: HONEST,
  },
  spurious: {
    title: 'A spurious acknowledgement',
    text: `An acknowledgement that does not belong to the attempt must not end it: in the first form it is one that does not
acknowledge exactly the own number plus one, in the final form one with a wrong cookie. Here somebody guesses three times.`,
    ladder: HONEST,
  },
  'caps-in-new': {
    title: 'Capabilities in NEW, and why they moved',
    text: `Before the addendum, NEW said which capabilities a channel shall have, and FINALIZE did not. The cookie then proves who
asks, but the responder must still remember what was asked for: state before proof, through the back door. The addendum
moves them to FINALIZE, which comes with the proof.`,
    ladder: HONEST,
  },
  'early-loss': {
    title: 'The first packet of early data is lost',
    text: `Data may go along in place of FINALIZE. If only the first packet proved anything, its loss would make all that follow
useless. So each packet begins with COOKIE until the initiator knows that the responder knows the channel: whichever comes
first establishes it.`,
    ladder: '',
  },
  bundle: {
    title: 'Three packets for N channels',
    text: `Messages are not packets: the NEW of many channels share one, their acknowledgements the second, and their FINALIZE the
third.`,
    ladder: '',
  },
  numbers: {
    title: 'Starting numbers from a cookie',
    text: `TCP exchanges starting numbers so that packets of an earlier connection are not taken for those of this one. Both peers
know the second cookie once the channel is established, nobody else can compute it, and it differs from channel to channel:
the numbers can be read off it.`,
    ladder: '',
  },
  skip: {
    title: 'Streaming: N and N+2',
    text: `Who plays a stream wants order, and does not want to wait for what is lost. When N and N+2 are here and N+1 does not come
within the gap timeout, the receiver goes on with N+2, and its window begins at N+3.`,
    ladder: '',
  },
  xyz: {
    title: 'Modes X, Y and Z',
    text: `Three capabilities, resend, ordered and close-on-loss, make eight modes. UDP, TCP, SCTP and two kinds of streaming are
among them; three have no name: X closes on loss and has no order, Y closes on loss and keeps order, Z sends again what was
lost, delivers on arrival, and does not close when it gives up.`,
    ladder: '',
  },
  comparison: {
    title: 'The comparison',
    text: `What goes over the network until the first data leaves, what the responder keeps and sends under a flood of first messages,
and whether an honest attempt in its midst comes through. TCP, SCTP, TLS 1.3 over datagrams and Paxos are models with the
fields that matter and the sizes that packets usually have, each with room for 1024 handshakes that are not proven; they
refuse what comes when that is full, the peers let the oldest go. Bytes are those above IP, state is what must be
remembered of each handshake. *out/in* is how many bytes answer a byte of the flood.`,
    ladder: undefined,
  },
};

/** Lines of a ladder that are shown. */
const MOST_LINES = 60;

/** The article, claim by claim: what each command prints, and the ladder of what it records. */
export async function articlePage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'handshark-article-'));
  try {
    const sections: string[] = [];
    for (const name of CLAIM_NAMES)
      sections.push(await sectionText(name, SECTIONS[name], join(folder, `${name}.pcapng`)));
    return `${HEAD}\n${sections.join('\n')}`;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const HEAD = `# The article, claim by claim

The protocol goes back to the article *Handshakes* (interpeer.io, 2021-01-26, with an addendum of 2021-02-25). Each of its
claims can be played: two peers on a virtual network, in virtual time (see [simulations](simulate.md)). What follows is what
the commands print; \`npm run docs\` writes this page, and a test plays all of them again.
`;

async function sectionText(name: ClaimName, { title, text, ladder }: Section, path: string): Promise<string> {
  const file = `${name}.pcapng`;
  const record = ladder === undefined ? [] : ['-w', path, '--secrets-in-file'];
  const words = ['simulate', name, ...record];
  const output = await printed(words);
  const shown = ladder === undefined ? '' : `\n${await ladderText(ladder, path, file)}`;
  const command = words.map((word) => (word === path ? file : word)).join(' ');
  return `## ${title}\n\n${text}\n\n${block(`$ handshark ${command}\n${output}`)}${shown}`;
}

async function ladderText(filter: string, path: string, file: string): Promise<string> {
  const lines = (await printed(['ladder', ...(filter === '' ? [] : ['-Y', filter]), path])).trimEnd().split('\n');
  const rest = lines.length - MOST_LINES;
  const shown = rest > 0 ? [...lines.slice(0, MOST_LINES), `… and ${rest} more lines`] : lines;
  const words = filter === '' ? file : `-Y '${filter}' ${file}`;
  return block(`$ handshark ladder ${words}\n${shown.join('\n')}\n`);
}

const block = (text: string): string => `\`\`\`\n${text}\`\`\`\n`;
