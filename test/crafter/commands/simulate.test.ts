import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../analyzer/capture/files.js';
import { linesOf, running } from '../../analyzer/commands/running.js';

const folder = makeFolder();
afterAll(() => folder.remove());
const { path } = folder;

test('a run is told: what was simulated, what happened when, what came of it', async () => {
  expect(await running(['simulate', '--mode', 'streaming-1', '--drop', 'initiator:5', '--messages', '5'])).toEqual({
    stdout: `mode streaming-1, dialect hmac, seed 1: 5 messages of 16 bytes; delay 20 ms, dropped: initiator:5

    0.000  initiator  opens a channel
    0.040  initiator  channel a62ca79c is established
    0.060  responder  channel a62ca79c is established
    0.080  initiator  knows that the responder knows the channel
    0.100  responder  receives 1 2, until 0.110
    0.130  initiator  closes
    0.330  responder  skips 1 lost packet
    0.330  responder  receives 4 5
    0.330  responder  has all that the other one sent
    0.330  responder  closes
    0.330  initiator  sends packet 6 again
    0.350  initiator  has all that the other one sent
    0.350  initiator  channel is over: done
    0.370  responder  channel is over: done

channel a62ca79c
  responder received 4 of 5 messages (64 bytes), first 0.100, last 0.330, longest wait 220 ms
  order:     1 2 4 5
  missing:   3
  packets:   1 resent, 1 skipped, 1 twice
  ended:     initiator done (0.350); responder done (0.370)
network: 10 packets (686 bytes) from the initiator, 1 lost; 5 packets (323 bytes) from the responder
`,
    complaints: [],
    status: 0,
  });
});

test('the eight modes stand side by side', async () => {
  const lines = linesOf(await running(['simulate', '--modes', 'all', '--drop', 'initiator:5']));
  expect(lines).toEqual([
    'mode all, dialect hmac, seed 1: 10 messages of 16 bytes; delay 20 ms, dropped: initiator:5',
    '',
    'mode         received  order    first   last    wait  resent  given up  skipped  packets',
    'udp              9/10  as sent  0.100  0.190   20 ms       0         0        0       18',
    'z               10/10  mixed    0.100  0.220   90 ms       1         0        0       30',
    'streaming-1      9/10  as sent  0.100  0.330  220 ms       0         0        1       18',
    'streaming-2     10/10  as sent  0.100  0.220   90 ms       1         0        0       30',
    'x                9/10  as sent  0.100  0.190   20 ms       0         0        0       17',
    'sctp            10/10  mixed    0.100  0.220   90 ms       1         0        0       30',
    'y                2/10  as sent  0.100  0.110   20 ms       0         0        0       17',
    'tcp             10/10  as sent  0.100  0.220   90 ms       1         0        0       30',
    '',
    'mode         messages in the order received  how it ended',
    'udp          1 2 4-10                        done',
    'z            1 2 4-9 3 10                    done',
    'streaming-1  1 2 4-10                        done',
    'streaming-2  1-10                            done',
    'x            1 2 4-10                        initiator loss, told by the other; responder loss, by itself',
    'sctp         1 2 4-9 3 10                    done',
    'y            1 2                             initiator loss, told by the other; responder loss, by itself',
    'tcp          1-10                            done',
  ]);
});

test('with -v each of several modes is told, too', async () => {
  const words = ['simulate', '--modes', 'x,y', '--drop', '5'];
  const [table, one, other] = await Promise.all(
    [words, ['simulate', '--mode', 'x', '--drop', '5', '-v'], ['simulate', '--mode', 'y', '--drop', '5', '-v']].map(
      async (given) => (await running(given)).stdout,
    ),
  );
  expect((await running([...words, '-v'])).stdout).toBe(`${table}\n${one}\n${other}`);
});

test('messages are as large as their numbers need, unless their size is given', async () => {
  // Nothing gets through: there is nothing to send.
  const [line] = linesOf(await running(['simulate', '--messages', '1000000', '--drop', '1-99']));
  expect(line).toMatch(/: 1000000 messages of 18 bytes;/);
});

test('JSON has one object a run', async () => {
  const { stdout } = await running(['simulate', '--modes', 'x,y', '--messages', '2', '-T', 'json', '--flood', '3']);
  const runs = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(runs.map(({ mode }) => mode)).toEqual(['x', 'y']);
  const [{ flood, traffic, channels, happenings }] = runs;
  expect({ flood, traffic, last: happenings.at(-1), responder: channels[0].responder }).toEqual({
    flood: { packets: 3, bytes: 267, answers: 3, answer_bytes: 267, pending: 0, peers: 0 },
    traffic: {
      initiator: { packets: 6, bytes: 421, lost: 0 },
      responder: { packets: 4, bytes: 261, lost: 0 },
    },
    last: { time: 260, side: 'responder', channel: 1, event: 'closed', reason: 'done', by: 'us' },
    responder: {
      established: 160,
      ended: 260,
      reason: 'done',
      by: 'us',
      sent_messages: 0,
      received: {
        messages: 2,
        bytes: 32,
        order: [[1, 2]],
        in_order: true,
        missing: [],
        twice: 0,
        torn: 0,
        first: 200,
        last: 210,
        longest_wait: 20,
      },
      packets: { sent: 3, resent: 0, given_up: 0, received: 4, skipped: 0, late: 0, duplicates: 0, dropped: 0 },
    },
  });
});

test('what happens is told up to a screen, and all with -v', async () => {
  const words = ['simulate', '--messages', '200', '--loss', '20%', '--mode', 'z'];
  const [few, all] = [linesOf(await running(words)), linesOf(await running([...words, '-v']))];
  expect(few.length).toBeLessThan(60);
  const [more] = few.flatMap((line) => /… and (\d+) more happenings: -v tells all/.exec(line)?.[1] ?? []);
  expect(all.length - few.length).toBe(Number(more) - 1);
});

test('a recording has all packets as they were sent, says which were lost, and judges its cookies', async () => {
  const file = path('five.pcapng');
  const words = ['simulate', '--channels', '5', '--messages', '1', '--drop', '4', '--seed', '3', '-w', file];
  expect(await running([...words, '--secrets-in-file'])).toMatchObject({ complaints: [], status: 0 });
  const fields = ['frame.number', 'frame.time_epoch', 'frame.comment', 'chan.msg.type', 'chan.cookie1.status'];
  const decoded = await running(['decode', file, '-c', '4', ...fields.flatMap((field) => ['-e', field])]);
  const five = (word: string) => Array.from({ length: 5 }, () => word).join(',');
  expect(linesOf(decoded).map((line) => line.split('\t'))).toEqual([
    ['1', '1767225600.000000000', '', five('CHANNEL_NEW'), five('valid')],
    ['2', '1767225600.020000000', '', five('CHANNEL_ACKNOWLEDGE'), five('valid')],
    ['3', '1767225600.040000000', '', five('CHANNEL_FINALIZE'), ''],
    ['4', '1767225600.060000000', 'lost', 'DATA_WINDOW', ''],
  ]);
});

test('without being asked for, no secrets are in a file', async () => {
  const file = path('bare.pcapng');
  await running(['simulate', '--messages', '1', '-w', file]);
  const decoded = await running(['decode', file, '-c', '2', '-e', 'chan.cookie1.status']);
  expect(linesOf(decoded)).toEqual(['unknown', 'echo-ok']);
});

test('runs of several modes are one capture, with channels of their own', async () => {
  const file = path('modes.pcapng');
  await running(['simulate', '--modes', 'all', '-w', file, '--secrets-in-file']);
  const channels = linesOf(await running(['channels', file, '-T', 'json'])).map((line) => JSON.parse(line));
  expect(channels.map(({ mode, state, cookie2_status }) => [mode, state, cookie2_status])).toEqual(
    ['udp', 'z', 'streaming-1', 'streaming-2', 'x', 'sctp', 'y', 'tcp'].map((mode) => [mode, 'closed', 'valid']),
  );
});

test('what was asked for is told in the first line', async () => {
  const words = [
    '--mode',
    'y',
    '--loss',
    '0.2',
    '--drop',
    '7',
    '--reorder',
    '0.1',
    '--delay',
    '20ms',
    '--dialect',
    'seqno',
  ];
  const more = [
    '--duplicate',
    '1%',
    '--channels',
    '2',
    '--answers',
    '1',
    '--early-data',
    '--flood',
    '9',
    '--seed',
    '5',
  ];
  const [line] = linesOf(await running(['simulate', ...words, ...more]));
  expect(line).toBe(
    'mode y, dialect seqno, seed 5: 2 channels, 10 messages of 16 bytes, 1 answer, early data, 9 forged NEW; delay 20 ms, loss 20%, reordered 10%, duplicated 1%, dropped: 7',
  );
});

test.each([
  [['--drop', '0'], /--drop <n>.*expected the number of a packet: 7, 7-9, initiator:3 or responder:2/],
  [['--modes', 'all,x'], /--modes.*expected all, or some of udp, z, streaming-1/],
  [['--mode', 'x', '--modes', 'all'], /cannot be used with/],
  [['--dialect', 'channeler', '--mode', 'tcp'], /^simulate: --mode: tcp: channeler has only udp$/],
  [['--bytes', '3'], /^simulate: --bytes: 3: the number of a message takes 8 bytes$/],
  [['--bytes', '1200'], /^simulate: --bytes: 1200: a packet has room for 1120; see --packet-size$/],
  [['--secrets-in-file'], /^simulate: --secrets-in-file: it needs -w FILE$/],
  [['--secrets-in-file', '-w', 'x.pcap'], /^simulate: --secrets-in-file: x.pcap: pcap has no place for secrets/],
  [['--loss', '2'], /expected a part from 0 to 1/],
  [['--delay', 'soon'], /expected a number of milliseconds/],
  [['nonsense'], /Allowed choices are flood, spurious, caps-in-new/],
  [['flood', 'skip'], /skip/],
  [['flood', '--loss', '0.1'], /^simulate: --loss: flood: a claim says itself what is simulated$/],
  [['comparison', '-w', 'x.pcapng'], /^simulate: --write: comparison: models have no packets to record$/],
])('%j is refused as a mistake in the command', async (words, problem) => {
  const { stdout, complaints, status } = await running(['simulate', ...words]);
  expect({ stdout, complaints, status }).toEqual({
    stdout: '',
    complaints: [expect.stringMatching(problem)],
    status: 2,
  });
});

test('a file that cannot be written is a failure of the work', async () => {
  const { complaints, status } = await running(['simulate', '-w', path('none/x.pcapng')]);
  expect({ complaints, status }).toEqual({
    complaints: [`simulate: cannot write: ${path('none/x.pcapng')}: no such file or directory`],
    status: 1,
  });
});

test('a claim is told with what to look for; as JSON it is its runs', async () => {
  const [says, look, empty] = linesOf(await running(['simulate', 'skip', '--seed', '9']));
  expect([says, look, empty]).toEqual([
    'claim: in streaming, when N and N+2 are here and N+1 is not in time, N+2 is delivered and the window begins at N+3',
    'look for: message 3 is missing; 4 and what follows wait for it 200 ms, then come at once, in order',
    '',
  ]);
  const runs = linesOf(await running(['simulate', 'xyz', '-T', 'json'])).map((line) => JSON.parse(line).mode);
  expect(runs).toEqual(['x', 'y', 'z']);
});

test('the comparison as JSON has an object a handshake', async () => {
  const rows = linesOf(await running(['simulate', 'comparison', '-T', 'json'])).map((line) => JSON.parse(line));
  expect(rows[2]).toEqual({
    handshake: 'sctp',
    messages: 4,
    packets: 3,
    bytes: 316,
    round_trips: 1,
    flood: { entries: 0, state: 0, amplification: 4.25, honest: true },
  });
  expect(rows).toHaveLength(11);
});
