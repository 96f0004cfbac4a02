import { expect, test } from 'vitest';
import { running } from './running.js';

const COMMANDS = [[], ['decode'], ['channels'], ['handshakes'], ['ladder'], ['stats', 'io']];

test.each(COMMANDS)('%s tells how a filter is evaluated, and reads nothing', async (...words) => {
  const outcome = await running([...words, 'nowhere.pcap', '--explain', '-Y', 'udp.port == 53 or len(chan.data) > 9']);
  expect(outcome).toEqual({
    stdout: [
      'any of',
      '  any udp.srcport or udp.dstport (unsigned number, 16 bits; read where it stands) eq "53" [from columns]',
      '  any len(chan.data (sequence of bytes; read where it stands)) gt "9" [columns rule packets out; the others are dissected]',
      '',
    ].join('\n'),
    complaints: [],
    status: 0,
  });
});

test('there must be a filter to explain, and it must be one', async () => {
  expect(await running(['decode', '--explain'])).toEqual({
    stdout: '',
    complaints: ['--explain: nothing to explain: name a filter with -Y'],
    status: 2,
  });
  const { complaints, status } = await running(['decode', '--explain', '-Y', 'udp.prot']);
  expect(complaints.join()).toMatch(/is an unknown field or protocol; did you mean udp\.port\?/);
  expect(status).toBe(2);
});
