import { bitsOf, type Mode } from '../../dissectors/channel/capabilities.js';
import { type ChannelTest, inBothRoles } from './both-roles.js';
import type { ConformanceTest } from './test.js';

const MODES_TABLE = '5 "Capabilities"';
const GAPS = '5 "Gaps"';
const ECHO = ['echo'] as const;
const BLIND = 'what the application is given and does not send back';

/** Keeps the number of what was sent back, and reports it, where the mode asks for that. */
function reported(mode: Mode, name: string): readonly [keep: string, report: string] {
  if (!hasResend(mode)) return ['', ''];
  return [` -> sequence as ${name}`, `+0  > progress(next=${name} + 1) window(16)`];
}

const hasResend = (mode: Mode): boolean => (bitsOf(mode) & 1) === 1;

/** The lines of a first message and what comes back for it. */
function begun(mode: Mode, keep = ''): string {
  const [kept, report] = reported(mode, 'first');
  return `
+0  > data("<1>")${keep}
*   < data("<1>")${kept}
${report}`;
}

const IN_ORDER: readonly Mode[] = ['streaming-1', 'y', 'streaming-2', 'tcp'];
const ON_ARRIVAL: readonly Mode[] = ['x', 'z', 'sctp'];

const tests: readonly ChannelTest[] = [
  ...[...IN_ORDER, ...ON_ARRIVAL, 'udp' as const].map(
    (mode): ChannelTest => ({
      name: `delivers-${mode}`,
      asks: `delivers DATA as it was sent in ${mode}, with lengths of one and of two bytes`,
      section: MODES_TABLE,
      mode,
      needs: ECHO,
      blind: BLIND,
      body: () => `${begun(mode)}
+0.05 > data(repeat("0123456789", 30))
*   < data(repeat("0123456789", 30))`,
    }),
  ),
  ...IN_ORDER.map(
    (mode): ChannelTest => ({
      name: `ordered-${mode}`,
      asks: `delivers in order in ${mode}: what came before its turn waits for the packet before it`,
      section: MODES_TABLE,
      mode,
      needs: ECHO,
      blind: BLIND,
      body: () => `${begun(mode, ' -> sequence as number')}
+0.05 > chan(sequence=number + 2) data("<3>")
+0.05 < nothing
+0  > chan(sequence=number + 1) data("<2>")
*   < data("<2>"...) ...`,
    }),
  ),
  ...ON_ARRIVAL.map(
    (mode): ChannelTest => ({
      name: `on-arrival-${mode}`,
      asks: `delivers on arrival in ${mode}: what comes before its turn does not wait`,
      section: MODES_TABLE,
      mode,
      needs: ECHO,
      blind: BLIND,
      body: () => `${begun(mode, ' -> sequence as number')}
+0.05 > chan(sequence=number + 2) data("<3>")
~0..0.12 < data("<3>")${reported(mode, 'second').join('\n')}
+0  > chan(sequence=number + 1) data("<2>")
~0..0.12 < data("<2>")`,
    }),
  ),
  ...[...IN_ORDER, ...ON_ARRIVAL].map(
    (mode): ChannelTest => ({
      name: `once-${mode}`,
      asks: `delivers what comes twice once in ${mode}`,
      section: MODES_TABLE,
      mode,
      needs: ECHO,
      blind: BLIND,
      body: ({ silence }) => `${begun(mode, ' -> sequence as number')}
+0  > chan(sequence=number) data("<1>")
+0  > chan(sequence=number) data("<1>")
${silence}`,
    }),
  ),
  {
    name: 'twice-udp',
    asks: 'delivers what comes twice twice in udp, and in any order',
    section: MODES_TABLE,
    mode: 'udp',
    needs: ECHO,
    blind: BLIND,
    body: () => `
+0  > data("<1>") -> sequence as number
*   < data("<1>")
+0  > chan(sequence=number) data("<1>")
~0..0.12 < data("<1>")
+0  > chan(sequence=number - 9) data("<0>")
~0..0.12 < data("<0>")
+0  > chan(sequence=number + 5000) data("<9>")
~0..0.12 < data("<9>")`,
  },
  {
    name: 'skips-streaming-1',
    asks: 'skips a gap that stays open in streaming-1, each from its own opening, and drops what comes later',
    section: GAPS,
    mode: 'streaming-1',
    needs: ECHO,
    blind: 'a gap timeout that is a little shorter or longer than 200 ms',
    body: () => `
+0   > data("<1>") -> sequence as number
*    < data("<1>")
+0   > chan(sequence=number + 2) data("<3>")
+0.1 > chan(sequence=number + 4) data("<5>")
~0.03..0.16 < data("<3>")
~0.04..0.2 < data("<5>")
+0   > chan(sequence=number + 1) data("<2>")
+0   > chan(sequence=number + 3) data("<4>")
+0.3 < nothing`,
  },
  {
    name: 'skips-wide-streaming-1',
    asks: 'skips a gap at once in streaming-1 when a number is 1024 or more ahead',
    section: GAPS,
    mode: 'streaming-1',
    needs: ECHO,
    blind: 'where exactly the span ends',
    body: () => `
+0   > data("<1>") -> sequence as number
*    < data("<1>")
+0   > chan(sequence=number + 1100) data("<far>")
~0..0.12 < data("<far>")`,
  },
  {
    name: 'delivers-large',
    asks: 'delivers a message that fills a packet of 1200 bytes',
    section: MODES_TABLE,
    mode: 'sctp',
    needs: ECHO,
    blind: BLIND,
    body: () => `${begun('sctp')}
+0.05 > data(repeat("0123456789", 114))
*   < data(repeat("0123456789", 114))`,
  },
  {
    name: 'boundaries-kept',
    asks: 'keeps the boundaries of DATA where the mode is not ordered, and delivers nothing for one of length 0',
    section: '5 "Boundaries"',
    mode: 'sctp',
    needs: ECHO,
    blind: BLIND,
    // Kept of one packet that has both, if they come in one.
    settings: 'let both = 0x10000',
    body: () => `
+0  > data("ab") data("") data("cd")
~0..0.15 <? data("ab") data("cd") -> sequence as both
if both > 0xffff
*   < data("ab") -> sequence as first
+0  > progress(next=first + 1) window(16)
*   < data("cd")
end`,
  },
];

/** What the application of a peer is given, as far as it sends that back. */
export const channelDelivery: readonly ConformanceTest[] = inBothRoles(tests);
