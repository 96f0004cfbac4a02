import { spawnSync } from 'node:child_process';

/** Why tshark cannot be compared with, or undefined. */
export const tsharkMissing: string | undefined =
  spawnSync('tshark', ['--version']).status === 0 ? undefined : 'tshark is not installed';

/** What tshark prints for its `-z` options, one text each, in one run over the capture. */
export function taps(path: string, names: readonly string[]): readonly string[] {
  const { stdout } = spawnSync('tshark', ['-n', '-q', '-r', path, ...names.flatMap((name) => ['-z', name])], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH },
  });
  return stdout.split(/^=+$/m);
}

/** The text of the tap that has a heading. */
export function tapNamed(texts: readonly string[], heading: string): string {
  return texts.find((text) => text.trimStart().startsWith(heading)) ?? '';
}
