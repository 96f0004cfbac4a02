import { expect, test } from 'vitest';
import { CaptureError } from '../../../../analyzer/capture/capture-error.js';
import { startCapture } from '../../../../analyzer/capture/choose-engine.js';
import { countsIn, dumpcapEngine } from '../../../../analyzer/capture/dumpcap.js';
import type { CaptureEngine, CaptureRequest, EngineName, Refusal } from '../../../../analyzer/capture/engine.js';
import { CaptureRefused } from '../../../../analyzer/capture/engine.js';
import { interfaceNamed } from '../../../../analyzer/capture/interfaces.js';
import { endIn, linkTypesIn, refusalIn } from '../../../../analyzer/capture/libpcap-words.js';
import { permissionHints, type Surroundings } from '../../../../analyzer/capture/permission-hints.js';
import { tcpdumpEngine } from '../../../../analyzer/capture/tcpdump.js';

const REQUEST: CaptureRequest = { taps: [{ name: 'eth0' }], promiscuous: true, monitor: false };

/** An engine that refuses, or begins and says so by failing. */
const engine = (name: EngineName, kind?: Refusal['kind']): CaptureEngine => ({
  name,
  check: async () => kind && { kind, where: 'eth0', why: `it is ${kind}` },
  linkTypes: async () => [],
  start: async () => {
    throw new Error(`${name} began`);
  },
});

test.each<[string, readonly CaptureEngine[], string]>([
  ['the first that can is taken', [engine('dumpcap'), engine('tcpdump')], 'dumpcap began'],
  [
    'those that are missing, denied or unable are passed over',
    [engine('dumpcap', 'missing'), engine('tcpdump', 'denied'), engine('cap', 'unable'), engine('dumpcap')],
    'dumpcap began',
  ],
  ['what nobody can do ends the search', [engine('dumpcap', 'failed'), engine('tcpdump')], 'eth0: it is failed'],
  ['a wrong filter ends the search', [engine('dumpcap', 'filter'), engine('tcpdump')], 'eth0: it is filter'],
  [
    'if none is left, each has its reason',
    [engine('dumpcap', 'missing'), engine('tcpdump', 'denied')],
    'dumpcap: it is missing; tcpdump: it is denied',
  ],
])('%s', async (_, engines, message) => {
  await expect(startCapture(engines, REQUEST)).rejects.toThrow(message);
});

test('a program that is not there, or may not be run, is no engine', async () => {
  for (const make of [dumpcapEngine, tcpdumpEngine]) {
    expect(await make(undefined).check(REQUEST)).toEqual({ kind: 'missing', where: 'eth0', why: 'not installed' });
    const denied = { kind: 'denied', where: 'eth0', why: 'you may not run /x/y' };
    expect(await make({ path: '/x/y', mayRun: false }).check(REQUEST)).toEqual(denied);
    expect(await make({ path: '/x/y', mayRun: false }).linkTypes('eth0')).toEqual(denied);
    await expect(make(undefined).start(REQUEST)).rejects.toThrow(CaptureRefused);
  }
});

test.each<[string, Refusal['kind'], string]>([
  [
    'dumpcap: You do not have permission to capture on device "lo".\n(socket: Operation not permitted)',
    'denied',
    'not permitted',
  ],
  ["tcpdump: lo: You don't have permission to perform this capture on that device", 'denied', 'not permitted'],
  ['dumpcap: There is no device named "nope".\n(No such device exists)', 'failed', 'no such interface'],
  ['tcpdump: nope: No such device exists\n(No such device exists)', 'failed', 'no such interface'],
  ['tcpdump: ifb0: That device is not up', 'failed', 'the interface is down'],
  [
    "dumpcap: Unable to set data link type on interface 'lo' (RAW is not one of the DLTs supported by this device).",
    'failed',
    'RAW: not a link type that it can give; -L lists those',
  ],
  ['dumpcap: The specified data link type "FOO" isn\'t valid', 'failed', 'FOO: no such link type'],
  ['tcpdump: invalid data link type FOO', 'failed', 'FOO: no such link type'],
  ['tcpdump: invalid time stamp type foo', 'failed', 'foo: no such type of time stamps'],
  ["Capturing on 'x'\ndumpcap: Something new.\nMore of it", 'failed', 'Something new.'],
  ['', 'failed', 'it cannot be opened'],
])('%j is understood', (said, kind, why) => {
  expect(refusalIn(said, 'eth0')).toEqual({ kind, where: 'eth0', why });
});

test.each([
  ['dumpcap: The network adapter "x" is no longer attached; the capture has stopped.', 'the interface went away'],
  ['tcpdump: pcap_loop: The interface disappeared', 'the interface went away'],
  ['tcpdump: pcap_loop: The interface went down: Network is down', 'the interface went down'],
  ['12 packets captured', undefined],
])('%j is why a capture ended', (said, why) => {
  expect(endIn(said)).toBe(why);
});

test('link types are those of a list, and nothing else that is said', () => {
  const dumpcap = 'Data link types of interface any (use option -y to set):\n  LINUX_SLL (Linux cooked v1)\n  EN10MB\n';
  expect(linkTypesIn(dumpcap)).toEqual([
    { name: 'LINUX_SLL', about: 'Linux cooked v1' },
    { name: 'EN10MB', about: '' },
  ]);
  expect(linkTypesIn('selecting\n\n    Should non-superusers be able to capture packets?\n')).toEqual([]);
});

test('dumpcap counts each interface, and tells at the end', () => {
  const said = `Packets captured: 9
Packets received/dropped on interface 'Loopback: lo': 8/2 (pcap:0/dumpcap:2/flushed:0/ps_ifdrop:0) (80.0%)
Packets received/dropped on interface 'a'b': 1/0 (pcap:0/dumpcap:0/flushed:0/ps_ifdrop:0) (100.0%)
`;
  expect(countsIn(said)).toEqual({ received: 9, dropped: 2 });
  expect(countsIn("Capturing on 'lo'\n")).toEqual({});
});

const DEBIAN: Surroundings = {
  platform: 'linux',
  user: 'ann',
  isRoot: false,
  dumpcap: { path: '/usr/bin/dumpcap', mayRun: true },
  dumpcapGroup: 'root',
  tcpdump: { path: '/usr/bin/tcpdump', mayRun: true },
  isDebian: true,
};
const ONCE = 'or, for once: run it with sudo';

test.each<[string, Partial<Surroundings>, readonly string[]]>([
  [
    'a dumpcap that Debian has given no rights',
    {},
    [
      'to allow it: sudo dpkg-reconfigure wireshark-common (answer yes), then sudo usermod -aG wireshark ann, then log in again',
      ONCE,
    ],
  ],
  [
    'a dumpcap for a group',
    { dumpcap: { path: '/usr/bin/dumpcap', mayRun: false }, dumpcapGroup: 'sniffers' },
    ['to allow it: sudo usermod -aG sniffers ann, then log in again', ONCE],
  ],
  [
    'a dumpcap of another system',
    { isDebian: false, dumpcap: { path: '/opt/bin/dumpcap', mayRun: true } },
    ['to allow it: sudo setcap cap_net_raw,cap_net_admin=eip /opt/bin/dumpcap', ONCE],
  ],
  [
    'tcpdump alone',
    { dumpcap: undefined },
    ['to allow it: sudo setcap cap_net_raw,cap_net_admin=eip /usr/bin/tcpdump', ONCE],
  ],
  ['neither', { dumpcap: undefined, tcpdump: undefined }, ['to allow it: run it with sudo']],
  ['macOS', { platform: 'darwin' }, ['to allow it: install ChmodBPF, which comes with Wireshark', ONCE]],
  [
    'root in a container',
    { isRoot: true },
    ['root may not capture here: give the container or service the capabilities NET_RAW and NET_ADMIN'],
  ],
])('hints for %s', (_, system, hints) => {
  expect(permissionHints({ ...DEBIAN, ...system })).toEqual(hints);
});

test('an interface has a name, or a number in the list', () => {
  const all = ['eth0', 'lo', '7'].map((name) => ({ name, isUp: true, isLoopback: false, addresses: [] }));
  const names = ['eth0', '1', '2', '7', '4', '0', 'x'].map((given) => interfaceNamed(given, all));
  expect(names).toEqual(['eth0', 'eth0', 'lo', '7', '4', '0', 'x']);
});

test('a complaint has hints beside its line, each a line too', () => {
  const error = new CaptureError('cannot capture', 'eth0', 'not\npermitted', { hints: ['run\nit'] });
  expect([error.message, error.hints]).toEqual(['cannot capture: eth0: not·permitted', ['run·it']]);
});
