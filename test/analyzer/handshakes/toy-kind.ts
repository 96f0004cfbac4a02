import { endsAround } from '../../../analyzer/handshakes/ends.js';
import type { KindTracker, Step } from '../../../analyzer/handshakes/step.js';
import type { Layer } from '../../../dissectors/layer.js';

/** A kind for tests: a UDP payload that begins with `?`, answered by one that begins with `!`, refused by one with `x`. */
export class ToyKind implements KindTracker {
  readonly kind = 'dns';
  readonly layers = ['udp'];
  readonly seconds = 5;

  expire(): string {
    return 'the question was not answered within 5 s';
  }

  take(step: Step, layer: Layer, place: number): void {
    const { dissection, table } = step;
    const view = dissection.sources[layer.source]?.view;
    const ends = endsAround(dissection, place);
    if (!view || !ends || layer.end >= layer.limit.captured) return;
    const word = String.fromCharCode(view.getUint8(layer.end));
    if (word === '?') {
      const known = table.find('dns', ends.from);
      const row =
        known ??
        table.begin(step, { kind: 'dns', initiator: ends.from, responder: ends.to, id: 'toy', key: ends.from });
      table.message(step, row, 'question', true, { isFirst: true, isResent: known !== undefined });
      return;
    }
    const row = table.find('dns', ends.to);
    if (!row || (word !== '!' && word !== 'x')) return;
    table.message(step, row, word === '!' ? 'answer' : 'no', false);
    table.setState(
      step,
      row,
      word === '!' ? 'answered' : 'refused',
      word === '!' ? 'it was answered' : 'it was refused',
    );
    row.cookieStatus = 'echo-ok';
    if (word === 'x') step.note('refused', layer);
  }

  takeQuoted(step: Step, _: Layer, place: number): void {
    const ends = endsAround(step.dissection, place);
    const row = ends && step.table.find('dns', ends.from);
    if (!row) return;
    step.table.message(step, row, 'ICMP', false);
    step.table.setState(step, row, 'refused', 'an ICMP message says that it did not get through');
  }
}
