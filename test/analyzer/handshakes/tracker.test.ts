import { expect, test } from 'vitest';
import { readFacts, writeFacts } from '../../../analyzer/index/facts-pool.js';
import { IntReader, Ints } from '../../../analyzer/index/ints.js';
import { Examiner } from '../../../analyzer/track/examine.js';
import { ipv4 } from '../../../crafter/network-part.js';
import { build, text } from '../../../crafter/part.js';
import { udp } from '../../../crafter/transport-part.js';
import { finding } from '../../../dissectors/wire/finding.js';
import { viewOf } from '../../../dissectors/wire/view.js';
import { ToyKind } from './toy-kind.js';

const RAW_IPV4 = 228;
const A = 0x0a000001;
const B = 0x0a000002;

/** Examines datagrams between two hosts, in turn. */
class Watch {
  readonly examiner: Examiner;
  private number = 0;

  constructor(track = true) {
    this.examiner = new Examiner({ kinds: [new ToyKind()], track });
  }

  see(ms: number, said: string, fromA = true) {
    const [src, dst] = fromA ? [A, B] : [B, A];
    const [srcport, dstport] = fromA ? [5000, 6000] : [6000, 5000];
    const bytes = build(ipv4({ src, dst }, udp({ srcport, dstport }, text(said))));
    const view = viewOf(bytes);
    const size = bytes.length;
    const nanos = (ms % 1000) * 1e6;
    return this.examiner.examine(view, 0, size, size, RAW_IPV4, ++this.number, Math.floor(ms / 1000), nanos).facts;
  }

  get rows() {
    return [...this.examiner.handshakes.table.rows.values()].map(
      ({ number, initiator, responder, state, reason, findings }) =>
        [number, initiator, responder, state, reason, findings].join(' '),
    );
  }
}

test('the facts of a packet name the handshakes that it is a message of, as they stand then', () => {
  const watch = new Watch();
  const seen = [watch.see(0, '?'), watch.see(10, 'chat'), watch.see(20, '!', false), watch.see(30, '!')];
  const row = { number: 1, kind: 'dns', proofStatus: undefined };
  expect(seen.map(({ handshakes }) => handshakes)).toEqual([
    [{ ...row, state: 'asked', cookieStatus: undefined }],
    undefined,
    [{ ...row, state: 'answered', cookieStatus: 'echo-ok' }],
    undefined,
  ]);
  expect(watch.rows).toEqual(['1 10.0.0.1:5000 10.0.0.2:6000 answered it was answered 0']);
});

test('findings of a kind are facts of the packet, and count for its handshakes', () => {
  const watch = new Watch();
  watch.see(0, '?');
  const { findings } = watch.see(20, 'x', false);
  expect(findings.map(({ code, start, end }) => [code, start, end])).toEqual([['refused', 20, 28]]);
  expect(watch.rows).toEqual(['1 10.0.0.1:5000 10.0.0.2:6000 refused it was refused 1']);
});

test('any packet moves the clock by which handshakes time out', () => {
  const watch = new Watch();
  watch.see(0, '?');
  watch.see(4999, 'chat');
  expect(watch.rows).toEqual(['1 10.0.0.1:5000 10.0.0.2:6000 asked no answer so far 0']);
  watch.see(5000, 'chat');
  expect(watch.rows).toEqual(['1 10.0.0.1:5000 10.0.0.2:6000 timed-out the question was not answered within 5 s 0']);
});

test('nothing is followed where tracking is turned off', () => {
  const watch = new Watch(false);
  expect(watch.see(0, '?').handshakes).toBeUndefined();
  expect(watch.rows).toEqual([]);
});

test('what is kept of the facts is what was found', () => {
  const watch = new Watch();
  watch.see(0, '?');
  const { handshakes } = watch.see(20, 'x', false);
  // Sequence numbers take all 32 bits; lengths of captures may take more.
  const findings = [finding('refused', 0, 4, [3_464_324_096, -5, 2 ** 40])];
  const facts = { channels: [], verdicts: [], findings, handshakes };
  const kept = new Ints();
  writeFacts(facts, [], kept);
  expect(readFacts(new IntReader(kept.bytes, 0), () => new Uint8Array(0)).facts).toEqual(facts);
  expect(handshakes?.length).toBe(1);
});
