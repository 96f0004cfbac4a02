import { type FieldSink, type Named, tellDerived } from '../wire/sink.js';
import { asciiText } from '../wire/view.js';
import {
  ACK,
  ACK_ECN,
  CONNECTION_CLOSE,
  CONNECTION_CLOSE_APPLICATION,
  CRYPTO,
  FRAME_NAMES,
  type Frame,
  PADDING,
} from './frames.js';
import { readVarint, readVarint64, varintSize } from './varint.js';
import { WORDS } from './words.js';

/** Tells a frame of an Initial. Source: RFC 9000, section 19. */
export function tellFrame(view: DataView, frame: Frame, sink: FieldSink): void {
  const { type, at, end } = frame;
  sink.openValue(WORDS.frame, true, at, end, FRAME_NAMES[type] ?? `Frame ${type}`);
  sink.value(WORDS.frameType, type, at, at + 1);
  switch (type) {
    case PADDING:
      tellDerived(sink, WORDS.padding, end - at, at, end);
      break;
    case ACK:
    case ACK_ECN:
      tellAcknowledgement(view, frame, sink);
      break;
    case CRYPTO:
      tellNumbers(view, frame, [WORDS.cryptoOffset, WORDS.cryptoLength], sink);
      sink.value(WORDS.cryptoData, true, frame.data, frame.dataEnd, 'Crypto data');
      break;
    case CONNECTION_CLOSE:
    case CONNECTION_CLOSE_APPLICATION:
      tellClose(view, frame, sink);
      break;
  }
  sink.close();
}

const ACK_WORDS: readonly Named[] = [WORDS.ackLargest, WORDS.ackDelay, WORDS.ackCount, WORDS.ackFirst];
const RANGE_WORDS: readonly Named[] = [WORDS.ackGap, WORDS.ackRange];
const ECN_WORDS: readonly Named[] = [WORDS.ect0, WORDS.ect1, WORDS.ce];

function tellAcknowledgement(view: DataView, frame: Frame, sink: FieldSink): void {
  const { type, numbers } = frame;
  const ranges = numbers.length - ACK_WORDS.length - (type === ACK_ECN ? ECN_WORDS.length : 0);
  const words = [...ACK_WORDS];
  for (let range = 0; range < ranges; range++) words.push(...RANGE_WORDS.slice(range % 2, (range % 2) + 1));
  tellNumbers(view, frame, type === ACK_ECN ? [...words, ...ECN_WORDS] : words, sink);
}

function tellNumbers(view: DataView, { numbers }: Frame, words: readonly Named[], sink: FieldSink): void {
  for (const [place, word] of words.entries()) {
    const at = numbers[place];
    if (at === undefined || !sink.wants(word.path)) continue;
    const value = word.kind === 'uint64' ? readVarint64(view, at) : readVarint(view, at);
    sink.value(word, value, at, at + varintSize(view, at));
  }
}

function tellClose(view: DataView, frame: Frame, sink: FieldSink): void {
  const words =
    frame.type === CONNECTION_CLOSE
      ? [WORDS.closeCode, WORDS.closeFrame, WORDS.closeLength]
      : [WORDS.closeApplication, WORDS.closeLength];
  tellNumbers(view, frame, words, sink);
  const { data, dataEnd } = frame;
  if (dataEnd > data) sink.value(WORDS.closeReason, asciiText(view, data, dataEnd), data, dataEnd);
}
