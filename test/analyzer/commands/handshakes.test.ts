import { expect, test } from 'vitest';
import { linesOf, running } from './running.js';

const DEMO = 'fixtures/demo.pcapng';

const rows = async (...words: readonly string[]) =>
  linesOf(await running(['handshakes', ...words, '-T', 'json'])).map((line) => JSON.parse(line));

test('a row a handshake, with the reason of its outcome in words', async () => {
  expect(
    linesOf(await running(['handshakes', 'fixtures/refused.pcap', '--secrets', 'fixtures/refused.secrets'])),
  ).toEqual([
    'No.  Kind     Initiator  Responder  Id        State    Cookie  Proof  RTT ms  Reason',
    '  1  channel  2bd806c9…  81b637d8…  1a2b3c4d  refused  valid          20.662  the responder refused the channel: CHANNEL_CLOSE with reason 4',
  ]);
});

test('an object a handshake, with the frames of its messages', async () => {
  const [row] = await rows('fixtures/repeated-new.pcap', '--secrets', 'fixtures/repeated-new.secrets');
  const { number, kind, state, attempts, resent, packets, messages } = row;
  expect({ number, kind, state, attempts, resent, packets }).toEqual({
    number: 1,
    kind: 'channel',
    state: 'established',
    attempts: 2,
    resent: 2,
    packets: [1, 2, 3, 4, 5, 6],
  });
  expect(messages.slice(0, 2)).toEqual([
    { packet: 1, time_us: 0, from: 'initiator', name: 'CHANNEL_NEW' },
    { packet: 2, time_us: 200674, from: 'initiator', name: 'CHANNEL_NEW', resent: true },
  ]);
});

test('a line of CSV a handshake, under a head', async () => {
  const lines = linesOf(await running(['handshakes', 'fixtures/refused.pcap', '-T', 'csv']));
  expect(lines[0]).toBe(
    'number,kind,initiator,responder,id,state,cookie_status,proof_status,stateless,attempts,resent,rtt_challenge_us,rtt_echo_us,rtt_answer_us,first,last,reason',
  );
  expect(lines.map((line) => line.split(',').length)).toEqual([17, 17]);
});

test('what is asked for is shown: kinds, what a packet passes a filter for, what became of it in the end', async () => {
  const all = await rows(DEMO);
  expect(all.map(({ number }) => number)).toEqual(all.map((_, place) => place + 1));
  const channels = all.filter(({ kind }) => kind === 'channel');
  expect(await rows(DEMO, '--kind', 'channel')).toEqual(channels);
  expect(channels.length).toBeLessThan(all.length);
  expect(await rows(DEMO, '--kind', 'paxos,quic')).toEqual([]);
  const lost = all.filter(({ state }) => state === 'timed-out');
  expect(lost.length).toBeGreaterThan(0);
  expect(await rows(DEMO, '-Y', 'handshake.outcome == "timed-out"')).toEqual(lost);
  const [first] = channels;
  expect(await rows(DEMO, '-Y', 'frame.number == 5')).toEqual([first]);
  const once = await rows(DEMO, '-c', '6', '--kind', 'channel');
  expect(once.map(({ state, packets }) => [state, packets])).toEqual([['challenged', [5, 6]]]);
});

test('what cannot be is refused', async () => {
  expect((await running(['handshakes', DEMO, '--kind', 'tcq'])).complaints.join()).toMatch(/--kind/);
  expect(await running(['handshakes', DEMO, '--no-track'])).toEqual({
    stdout: '',
    complaints: ['--no-track: handshakes are what is followed'],
    status: 2,
  });
});

test('a packet that is a message of a handshake says so in JSON, and no other does', async () => {
  const lines = linesOf(await running(['decode', 'fixtures/handshake-hmac.pcap', '-T', 'json'])).map((line) =>
    JSON.parse(line),
  );
  const told = lines.map(({ handshake }) => handshake);
  expect(told.slice(0, 5)).toEqual([
    [{ number: 1, kind: 'channel', state: 'asked' }],
    [{ number: 1, kind: 'channel', state: 'challenged', cookie_status: 'echo-ok' }],
    [{ number: 1, kind: 'channel', state: 'echoed', cookie_status: 'echo-ok' }],
    [{ number: 1, kind: 'channel', state: 'established', cookie_status: 'echo-ok' }],
    undefined,
  ]);
  expect(told.slice(4).filter(Boolean)).toEqual([]);
});

test('the answer of each message can be asked for, and what became of the handshake', async () => {
  const fields = ['handshake.state', 'handshake.outcome', 'handshake.response_to', 'handshake.response_in'];
  const { stdout } = await running([
    ...['decode', 'fixtures/handshake-hmac.pcap', '-c', '5'],
    ...fields.flatMap((field) => ['-e', field]),
  ]);
  expect(stdout.split('\n').slice(0, 5)).toEqual([
    'asked\testablished\t\t2',
    'challenged\testablished\t1\t3',
    'echoed\testablished\t2\t4',
    'established\testablished\t3\t',
    '\t\t\t',
  ]);
});

test('the messages of a handshake are drawn, with what is odd about them and what came of it', async () => {
  const { stdout } = await running(['ladder', 'fixtures/repeated-new.pcap', '--handshake', '1']);
  expect(
    stdout
      .split('\n')
      .slice(0, 7)
      .map((line) => line.trimEnd()),
  ).toEqual([
    '                    2bd806c9…                                         81b637d8…',
    '',
    '     1    0.000000  │ CHANNEL_NEW                                             │',
    '                    ├────────────────────────────────────────────────────────▶│',
    '     2    0.200674  │ CHANNEL_NEW, again                                      │',
    '         +0.200674  ├╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌▶│',
    '     3    0.231375  │ CHANNEL_ACKNOWLEDGE                                     │',
  ]);
  expect(stdout).toMatch(/#1 channel established: the initiator returned the/);
  const other = async (format: string) =>
    (await running(['ladder', 'fixtures/repeated-new.pcap', '--handshake', '1', '-T', format])).stdout;
  expect(await other('mermaid')).toContain('p1-->>p2: CHANNEL_NEW');
  expect(await other('svg')).toContain('>CHANNEL_ACKNOWLEDGE<');
});

test('times of the diagram count from the first packet, whatever fraction of a second that came at', async () => {
  const { stdout } = await running(['ladder', DEMO, '--handshake', '1', '-t', 'e']);
  const [row] = await rows(DEMO, '-Y', 'handshake.number == 1');
  const [first] = linesOf(
    await running(['decode', DEMO, '-Y', `frame.number == ${row.first}`, '-e', 'frame.time_epoch']),
  );
  expect(stdout.split('\n')[2]).toContain(` ${first?.slice(0, -3)} `);
});

test.each([
  [['--handshake', 'x'], '--handshake: x: expected the number of a handshake'],
  [['--handshake', '1', '--channel', '1'], '--handshake: 1: does not go with --channel'],
  [['--handshake', '1', '--all'], '--handshake: 1: does not go with --all'],
])('ladder %j is refused', async (words, problem) => {
  expect(await running(['ladder', DEMO, ...words])).toEqual({ stdout: '', complaints: [problem], status: 2 });
});

test('a handshake that is not there is told', async () => {
  const { complaints, status } = await running(['ladder', 'fixtures/refused.pcap', '--handshake', '7']);
  expect([complaints, status]).toEqual([['no such handshake: fixtures/refused.pcap: 7'], 1]);
});
