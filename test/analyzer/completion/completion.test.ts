import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, expect, describe as group, test } from 'vitest';
import { allCommands } from '../../../analyzer/completion/described.js';
import { fieldNames } from '../../../analyzer/completion/names.js';
import { compileFilter } from '../../../analyzer/filter/compile.js';
import { makeFolder } from '../capture/files.js';
import { running } from '../commands/running.js';

const folder = makeFolder();
afterAll(() => folder.remove());
const scripts = { bash: folder.path('handshark.bash'), zsh: folder.path('_handshark'), fish: folder.path('h.fish') };

beforeAll(async () => {
  for (const [shell, path] of Object.entries(scripts)) {
    folder.write(path.slice(folder.path('').length), (await running(['completion', shell])).stdout);
  }
  folder.write('trace 1.pcap', '');
});

/** Why a shell cannot be asked, or undefined. */
function missing(shell: string): string | undefined {
  if (spawnSync(shell, ['--version']).status === 0) return undefined;
  console.log(`completion not tried: ${shell} is not installed`);
  return shell;
}

/** What bash offers for the last of these words. */
function offered(...words: readonly string[]): readonly string[] {
  const ask = `
    source "$1"; shift
    COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
    _handshark
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', ask, 'bash', scripts.bash, 'handshark', ...words], {
    encoding: 'utf8',
    cwd: folder.path(''),
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((line) => line !== '');
}

group.skipIf(missing('bash'))('bash', () => {
  test.each([
    [['dec'], ['decode']],
    [['decode', '--inj'], ['--inject-secrets']],
    [
      ['decode', '-e', 'chan.cookie1'],
      ['chan.cookie1', 'chan.cookie1.status'],
    ],
    [['decode', '--field', 'udp.srcp'], ['udp.srcport']],
    [['decode', '-Y', 'udp.srcp'], ['udp.srcport']],
    [['stats', 'hierarchy', '-Y', "'ip.ttl < 9 && udp.srcp"], ['ip.ttl < 9 && udp.srcport']],
    [['decode', '-Y', '"!(udp.srcp'], ['!(udp.srcport']],
    [
      ['decode', '-T', 'j'],
      ['json', 'jsonraw'],
    ],
    [['stats', 'endpoints', '--by', 's'], ['sctp']],
    [
      ['decode', '--format', '=', 'j'],
      ['json', 'jsonraw'],
    ],
    [
      ['decode', '--format', '='],
      ['text', 'json', 'fields', 'csv', 'ek', 'pdml', 'psml', 'jsonraw', 'tabs'],
    ],
    [['decode', '-c', ''], []],
    [['decode', 'tra'], ['trace 1.pcap']],
    [['decode', '--secrets', 'tra'], ['trace 1.pcap']],
    [['stats', 'conv'], ['conversations']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [
      ['peer', ''],
      ['listen', 'connect'],
    ],
    [
      ['peer', 'connect', '--mode', 'st'],
      ['streaming-1', 'streaming-2'],
    ],
    [['craft', 'fin'], ['finalize']],
    [['craft', 'new', '--frame'], ['--frame-fault']],
  ])('after %j: %j', (words, expected) => {
    expect(offered(...words)).toEqual(expected);
  });

  test('every option of every command is offered', async () => {
    const { buildProgram } = await import('../../../analyzer/program.js');
    const { describe } = await import('../../../analyzer/completion/described.js');
    const { NO_IO } = await import('../../../docs/manual.js');
    for (const { path, options } of allCommands(describe(buildProgram(NO_IO)))) {
      const words = path === '' ? [] : path.split(' ');
      expect(offered(...words, '-')).toEqual(options.flatMap(({ names }) => names));
    }
  });
});

test.skipIf(missing('zsh'))('zsh can read its script', () => {
  const { status, stderr } = spawnSync('zsh', ['-n', scripts.zsh], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

test.skipIf(missing('fish'))('fish offers commands, fields and the names of filters', () => {
  const ask = (line: string): readonly string[] => {
    const script = `source ${scripts.fish}; complete -C ${JSON.stringify(line)}`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return stdout.split('\n').flatMap((one) => one.split('\t')[0] || []);
  };
  expect(ask('handshark dec')).toEqual(['decode']);
  expect(ask('handshark decode -e udp.srcp')).toEqual(['udp.srcport']);
  expect(ask("handshark decode -Y 'ip.ttl < 9 && udp.srcp")).toEqual(['ip.ttl < 9 && udp.srcport']);
});

test('every name that is offered is one that filters know', () => {
  for (const name of fieldNames()) expect(() => compileFilter(name), name).not.toThrow();
});
