import { describe, expect, test } from 'vitest';
import { running } from './running.js';

const VLAN = 'fixtures/vlan.pcap';
const DEMO = 'fixtures/demo.pcapng';

describe('words behind the arguments of a command', () => {
  test.for([
    [['decode', VLAN, 'udp.port == 4242'], 'no such file: udp.port == 4242: a display filter goes with -Y'],
    [['stats', 'expert', VLAN, 'tcp'], 'no such file: tcp: a display filter goes with -Y'],
    [['channels', '-', VLAN, '-'], '-: standard input can be read only once'],
    [['inject', VLAN, DEMO], `two captures: ${DEMO}: ${VLAN} is named as well`],
    [['interfaces', 'eth0'], 'too many arguments: eth0: interfaces takes none'],
    [['capture', 'a', 'b'], 'too many arguments: a, b: capture takes none'],
    [['export', 'lua', 'x'], 'too many arguments: x: export lua takes none'],
    [['check', '127.0.0.1:1', 'x'], 'too many arguments: x: check takes 127.0.0.1:1 alone'],
    [['peer', 'listen', '127.0.0.1:0', 'x'], 'too many arguments: x: peer listen takes 127.0.0.1:0 alone'],
  ] as const)('are refused, and named: %j', async ([words, why]) => {
    expect(await running(words)).toEqual({ stdout: '', complaints: [why], status: 2 });
  });
});
