import { expect, test } from 'vitest';
import { answerTo, questionIn } from '../../../analyzer/extcap/answers.js';
import { EXTCAP_INTERFACES } from '../../../analyzer/extcap/interfaces.js';
import { running } from '../commands/running.js';

test.each([
  [['--extcap-interfaces', '--extcap-version=4.0'], { kind: 'interfaces' }],
  [['--extcap-interfaces', '--extcap-version', '4.4'], { kind: 'interfaces' }],
  [['--extcap-dlts', '--extcap-interface', 'hs_peer'], { kind: 'dlts', of: 'hs_peer' }],
  [['--extcap-config', '--extcap-interface=hs_ssh'], { kind: 'config', of: 'hs_ssh' }],
  [['--extcap-interface', 'hs_ssh', '--extcap-capture-filter', 'udp'], { kind: 'filter', of: 'hs_ssh', filter: 'udp' }],
  [['--capture', '--extcap-interface', 'hs_peer', '--fifo', 'x'], undefined],
  [['install'], undefined],
])('%j asks for %j', (words, question) => {
  expect(questionIn(words)).toEqual(question);
});

test('a question is answered the same before the rest of the program is loaded, and after', async () => {
  for (const words of [
    ['--extcap-interfaces', '--extcap-version=4.0'],
    ...EXTCAP_INTERFACES.flatMap(({ name }) => [
      ['--extcap-dlts', '--extcap-interface', name],
      ['--extcap-config', '--extcap-interface', name],
      ['--extcap-interface', name, '--extcap-capture-filter', 'udp'],
    ]),
  ]) {
    const question = questionIn(words);
    const { stdout, status } = await running(['extcap', ...words]);
    const { version } = await import('../../../analyzer/version.js').then(() => ({
      version: /version=([^}]*)/.exec(stdout)?.[1] ?? '',
    }));
    expect([status, stdout]).toEqual([
      0,
      question &&
        answerTo(question, version)
          ?.map((line) => `${line}\n`)
          .join(''),
    ]);
  }
});

test('no sentence can be cut short by what is in it', () => {
  for (const { name } of EXTCAP_INTERFACES) {
    for (const line of answerTo({ kind: 'config', of: name }, '1') ?? [])
      expect(line).toMatch(/^(arg|value) (\{[a-z]+=[^{}]*\})+$/);
  }
});

test.each([
  [['extcap'], 'extcap: say install, status or remove; all else is for Wireshark'],
  [
    ['extcap', '--extcap-config', '--extcap-interface', 'eth0'],
    '--extcap-interface: eth0: no such interface; --extcap-interfaces lists them',
  ],
  [
    ['extcap', '--extcap-interface', 'hs_peer'],
    '--extcap-interface: hs_peer: what about it? --extcap-dlts, --extcap-config or --capture',
  ],
  [['extcap', '--capture'], '--capture: no interface: --extcap-interface'],
  [['extcap', '--capture', '--extcap-interface', 'hs_peer'], '--capture: nowhere to write to: --fifo'],
  [
    ['extcap', '--capture', '--extcap-interface', 'hs_peer', '--fifo', 'x', '--extcap-capture-filter', 'udp'],
    '--extcap-capture-filter: udp: hs_peer takes none: use a display filter',
  ],
  [['extcap', '--capture', '--extcap-interface', 'hs_replay', '--fifo', 'x'], 'hs_replay: no capture: --file'],
  [
    ['extcap', '--capture', '--extcap-interface', 'hs_replay', '--fifo', 'x', '--file', 'y', '--speed', 'fast'],
    '--speed: fast: expected a number above 0, or top',
  ],
  [
    ['extcap', '--capture', '--extcap-interface', 'hs_ssh', '--fifo', 'x', '--remote-host', '-oProxyCommand=x'],
    '--remote-host: -oProxyCommand=x: expected host or user@host',
  ],
])('%j is refused', async (words, problem) => {
  expect(await running(words)).toEqual({ stdout: '', complaints: [problem], status: 2 });
});
