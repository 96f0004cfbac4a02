import type { Packet } from '../../analyzer/print/packet.js';
import { parseSecrets } from '../../analyzer/secrets/secrets.js';
import { Examiner } from '../../analyzer/track/examine.js';
import { viewOf } from '../../dissectors/wire/view.js';
import { LINKTYPE, secretsOf } from '../../fixtures/fixture.js';
import { type Host, Scene } from '../../fixtures/scene.js';

/** The packets of a scene as a command gets them: examined in order, with the secrets of these hosts known. */
export function packetsOf(
  play: (scene: Scene) => void,
  hosts: readonly Host[] = [],
  linkType: number = LINKTYPE.ETHERNET,
): { readonly packets: readonly Packet[]; readonly examiner: Examiner } {
  const scene = new Scene('2026-01-02T03:04:05Z');
  play(scene);
  const secrets = parseSecrets(secretsOf(...hosts).join('\n'), 'test');
  const examiner = new Examiner({ secrets });
  const packets = scene.frames().map(({ bytes, time, comment }, index) => {
    const number = index + 1;
    const seconds = scene.start + Math.floor(time / 1e9);
    const nanos = time % 1e9;
    const size = bytes.length;
    const { dissection, facts } = examiner.examine(viewOf(bytes), 0, size, size, linkType, number, seconds, nanos);
    const comments = comment === undefined ? [] : [comment];
    return {
      dissection,
      facts,
      number,
      seconds,
      nanos,
      captured: size,
      wire: size,
      on: undefined,
      comments,
      secrets,
      timeline: undefined,
      links: undefined,
    };
  });
  return { packets, examiner };
}
