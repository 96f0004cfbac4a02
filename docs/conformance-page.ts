import { PACE, SUITE, scriptText } from '../crafter/conformance/suite.js';
import type { ConformanceTest } from '../crafter/conformance/test.js';
import { table } from './table.js';

const NEEDS = { patience: 'with `--slow`', refusal: 'with `--refuses`' } as const;

const rowOf = ({ name, asks, section, dialects, needs }: ConformanceTest): readonly string[] => [
  `\`${name}\``,
  `${asks}${needs ? ` (${NEEDS[needs]})` : ''}`,
  section,
  dialects.join(', '),
];

const tests = (of: ConformanceTest['of']): string =>
  table(['test', `the ${of}`, 'section', 'dialects'], SUITE.filter((test) => test.of === of).map(rowOf));

function example(name: string): string {
  const test = SUITE.find((known) => known.name === name);
  return test ? scriptText(test, 'hmac', PACE).trim() : '';
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

Exit status: 0 all tests passed; 1 one failed, or nobody is there; 2 the words make no sense.

A responder must take channels from anybody, serve many at a time (\`handshark peer listen -k\`), have nothing to send of
its own, and be reached without loss: a test takes silence for an answer after ${PACE.quiet} s.

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
