import { PACE, SUITE, scriptText } from '../crafter/conformance/suite.js';
import type { ConformanceTest, Need } from '../crafter/conformance/test.js';
import { table } from './table.js';

const NEEDS: Readonly<Record<Need, string>> = {
  patience: '`--slow`',
  refusal: '`--refuses`',
  echo: 'an echo',
  'much data': '30 kB to send',
};

/** How long silence must last to count, in seconds. */
const QUIET = PACE.quiet;

const rowOf = ({
  name,
  asks,
  section,
  dialects,
  needs = [],
  mode,
  needsResend,
  blind,
}: ConformanceTest): readonly string[] => [
  `\`${name}\``,
  asks,
  section,
  dialects.join(', '),
  [
    ...(mode === undefined ? [] : [mode]),
    ...(needsResend ? ['a mode with resend'] : []),
    ...needs.map((need) => NEEDS[need]),
  ].join(', '),
  blind,
];

const tests = (of: ConformanceTest['of']): string =>
  table(
    ['test', `holds the rule that the ${of}`, 'section', 'dialects', 'needs', 'cannot see'],
    SUITE.filter((test) => test.of === of).map(rowOf),
  );

function example(name: string): string {
  const test = SUITE.find((known) => known.name === name);
  return test ? scriptText(test, 'hmac').trim() : '';
}

/** The page about `handshark check`, with the tests as they are. */
export const conformancePage = (): string => `# Conformance

\`handshark check ADDRESS\` asks the responder at a UDP address for what the protocol page says, test by test, and reports
what passed, what failed and why, with the packets. \`handshark check --listen ADDRESS\` waits for initiators: each test
takes one attempt to open a channel, so start your initiator over and over, with something to send, until all are done:

    handshark check --listen 127.0.0.1:4242 &
    while kill -0 $!; do echo hello | your-peer 127.0.0.1 4242; done

\`handshark check peer\` plays all tests with the built-in peer, in virtual time.

- \`--dialect NAME\`: which version of the protocol to speak; \`hmac\` unless said.
- \`--remote-id ID\`: who is asked, \`listener\` unless said. \`--peer-id ID\`: who asks; another one for every test unless
  said, so that tests do not meet what those before have left.
- \`--only NAME\`, repeatable: these tests only. \`--list\`: their names.
- \`--format text|json|tap\`. \`-v\`: the packets of tests that passed, too. \`-w FILE\`: all packets as a capture, with the
  secrets inside.
- \`--slow\`: the tests that wait for minutes, too. \`--refuses\`: the peer refuses every channel, which one test needs and
  no other can use.
- \`--timeout S\`: how long to wait for an answer, 2 s unless said.

A test that fails over a network is played a second time, since a busy machine can make a peer late that does right.

A responder that does not answer any more has died, most often: the report names the test after which it was silent, and plays
no other.

## What more of a peer can be seen

What a peer delivers to its application shows on the wire only if the application sends it back, on the same channel. Then, and
only then, the tests that need an echo are played: \`check\` finds out by itself. \`handshark peer listen -k --echo\` is such a
responder, and \`echo hello | handshark peer connect --echo\` such an initiator; one of your own needs a loop that sends what it
reads. An initiator that has 30 kB or more to send shows, besides, how it keeps to windows and what it sends again; a
responder does that with what it sends back. The tests for one mode are played when the initiator opens its channels in it:

    for mode in udp x streaming-1 y z sctp streaming-2 tcp; do
      handshark check --listen 127.0.0.1:4242 &
      while kill -0 $!; do head -c 40000 /dev/zero | your-peer --mode $mode 127.0.0.1 4242; done
    done

What still cannot be seen is in the last column of the tables.

Exit status: 0 all tests passed; 1 one failed, or nobody is there; 2 the words make no sense.

A responder must take channels from anybody, serve many at a time (\`handshark peer listen -k\`), have nothing to send but
what it received, and be reached without loss: a test takes silence for an answer after ${QUIET} s.

Every test is a [script](scripts.md). This is \`finalize-wrong-proof\`:

\`\`\`handshark
${example('finalize-wrong-proof')}
\`\`\`

## Responders

${tests('responder')}

## Initiators

${tests('initiator')}

Sections are those of the protocol page. This page is printed from \`crafter/conformance/\` by \`npm run docs\`.
`;
