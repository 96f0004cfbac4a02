import type { Mode } from '../../dissectors/channel/capabilities.js';
import type { ClaimName } from './claim-names.js';
import { bundleText, floodText, numbersText, proofText, sideBySideText, storiesText } from './claim-report.js';
import { dropFrom } from './drops.js';
import { type Plan, USUAL } from './plan.js';
import type { Run } from './simulate.js';

/** Simulations that show one claim of the article. */
export interface Claim {
  /** What the article says. */
  readonly says: string;
  /** What to look for in what is printed. */
  readonly look: string;
  readonly plans: readonly Plan[];
  readonly report: (runs: readonly Run[]) => readonly string[];
}

/** Forged NEW within 0.2 s: they turn a table of 1024 entries over in 26 ms, and a round trip takes 40. */
const FLOOD = 8000;

const plan = (given: Partial<Plan>, ...drops: readonly string[]): Plan => ({
  ...USUAL,
  ...given,
  drops: drops.flatMap((text) => dropFrom(text) ?? []),
});

const modes = (all: readonly Mode[], ...drops: readonly string[]): readonly Plan[] =>
  all.map((mode) => plan({ mode, interval: 50 }, ...drops));

/** The claims that two simulated peers can show, by name. The comparison is played by models of other protocols as well. */
export const CLAIMS: Readonly<Record<Exclude<ClaimName, 'comparison'>, Claim>> = {
  flood: {
    says: 'a responder that remembers every NEW can be made to forget the honest ones; one that answers with a cookie cannot',
    look: 'kept and received: seqno keeps 1024 entries and loses the honest attempt among them, hmac keeps none and delivers all',
    plans: [plan({ dialect: 'seqno', flood: FLOOD }), plan({ dialect: 'hmac', flood: FLOOD })],
    report: floodText,
  },
  spurious: {
    says: 'an acknowledgement that belongs to no attempt of ours is dropped, and does not cancel the attempt',
    look: 'the dropped packets before the right acknowledgement comes: the channel is established all the same',
    plans: [plan({ dialect: 'seqno', spurious: 3, messages: 1 }), plan({ dialect: 'hmac', spurious: 3, messages: 1 })],
    report: storiesText,
  },
  'caps-in-new': {
    says: 'capabilities in NEW make the responder remember each NEW; that is why the addendum moved them to FINALIZE',
    look: 'kept and received: with capabilities in NEW the cookie proves the address and saves no state, so the flood wins',
    plans: [plan({ dialect: 'hmac-newcaps', flood: FLOOD }), plan({ dialect: 'hmac', flood: FLOOD })],
    report: floodText,
  },
  'early-loss': {
    says: 'when the first packet of early data is lost, the next one establishes the channel, since each carries the cookie',
    look: 'the responder is established by the second packet, and the first is sent again: nothing waits for a FINALIZE',
    plans: [plan({ isEarly: true, interval: 5, messages: 12 }, 'initiator:2')],
    report: proofText,
  },
  bundle: {
    says: 'N channels are established with the three packets of one',
    look: 'handshake packets: three, whatever the number of channels, with one message a channel in each',
    plans: [1, 2, 5, 10].map((channels) => plan({ channels, messages: 1 })),
    report: bundleText,
  },
  numbers: {
    says: 'starting numbers need not be exchanged: both follow from the second cookie',
    look: 'the first numbers of both directions are bytes 0-1 and 2-3 of cookie 2, and no message has a field for them',
    plans: [plan({ messages: 1, answers: 1 })],
    report: numbersText,
  },
  skip: {
    says: 'in streaming, when N and N+2 are here and N+1 is not in time, N+2 is delivered and the window begins at N+3',
    look: 'message 3 is missing; 4 and what follows wait for it 200 ms, then come at once, in order',
    plans: [plan({ mode: 'streaming-1' }, 'initiator:5')],
    report: storiesText,
  },
  xyz: {
    says: 'of the capabilities resend, ordered and close-on-loss all combinations have a use, among them three without a name',
    look: 'x ends at a loss and delivers on arrival until then; y ends before the gap; z delivers late, and all',
    plans: modes(['x', 'y', 'z'], 'initiator:5'),
    report: sideBySideText,
  },
};
