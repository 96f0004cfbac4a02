import { modeOf } from '../../dissectors/channel/capabilities.js';
import type { Dialect } from '../../dissectors/channel/dialects.js';
import type { ChannelPacket, Message } from '../../dissectors/channel/dissect.js';
import { CODES, type MessageKind } from '../../dissectors/channel/messages.js';
import { footer } from '../../dissectors/channel/packet.js';
import type { CaptureInterface } from '../../dissectors/file/records.js';
import { usualHeader } from '../../dissectors/usual.js';
import type { Layout } from '../../dissectors/wire/layout.js';
import { type WasmCall, wasmMemory } from '../../dissectors/wire/wasm-memory.js';
import { STATES, type State } from '../track/channel.js';
import type { Touched } from '../track/facts.js';
import { statusesOf, writeMessages } from './json-channel.js';
import { COMMON, ID_AT, jsonFunctions, MOST_TEXT, TEXTS } from './json-code.js';
import { jsonText } from './json-text.js';
import { writeTouched } from './json-touched.js';
import type { Packet } from './packet.js';
import { PLAIN_LAYOUTS } from './plain-layer.js';
import { OVERRUN } from './text-code.js';
import { isoSecond, LAST_DATE } from './time.js';
import { DECIMAL_PAIRS, type Utf8Text, utf8 } from './utf8-text.js';

/** Where it stands in words what became of a channel: for each state, with each set of capabilities and with none. */
const STATES_AT = 1024;
const STATE_ROOM = 64;
const ALL_CAPS = 8;

/** Where the bytes of a frame stand, and how many there may be: more than a datagram has with its headers. */
const FRAME = STATES_AT + STATE_ROOM * STATES.length * (ALL_CAPS + 1);
const MOST_FRAME = 0x1_0000 + 64;
/** Where text goes: the digits of a whole frame, and what stands around them. */
const TEXT = FRAME + MOST_FRAME + OVERRUN;
const MOST_WRITTEN = 2 * MOST_FRAME + 4096;
/** The most that one message writes besides hex digits. */
const MOST_AROUND = 256;
const COMMA = 0x2c;

type Calls = Readonly<Record<string, WasmCall>>;
type KnownCalls = Readonly<Record<'front' | 'initiatorFirst' | 'responderFirst' | 'end', WasmCall>>;

/** Writes JSON in WebAssembly: of usual frames all up to their last common message, of others the plain layers. */
export class JsonMemory {
  private readonly bytes: Uint8Array;
  private readonly words: DataView;
  private readonly calls: Calls;
  private readonly layers: ReadonlyMap<Layout, WasmCall>;
  private readonly messages: ReadonlyMap<MessageKind, WasmCall>;
  // What the texts in the memory were made from.
  private second = Number.NaN;
  private dialect: Dialect | undefined;
  private on: CaptureInterface | undefined;
  /** Where the text in the memory ends. */
  private text = TEXT;

  constructor(buffer: ArrayBuffer, calls: Calls) {
    this.bytes = new Uint8Array(buffer);
    this.words = new DataView(buffer);
    this.calls = calls;
    this.layers = new Map(PLAIN_LAYOUTS.map((layout) => [layout, calls[layout.name] as WasmCall]));
    this.messages = new Map(COMMON.map((kind) => [kind, calls[kind.name] as WasmCall]));
    this.bytes.set(DECIMAL_PAIRS);
    this.remember(TEXTS.interface, '');
    for (const state of STATES) {
      this.remember(stateAt(state, undefined), state);
      for (let caps = 0; caps < ALL_CAPS; caps++)
        this.remember(stateAt(state, caps), `${state}","mode":"${modeOf(caps)}`);
    }
  }

  /** Writes a layer, if there is code for its layout. */
  layer(layout: Layout, view: DataView, at: number, into: Utf8Text): boolean {
    const write = this.layers.get(layout);
    if (!write) return false;
    this.take(view, at, layout.size);
    this.give(write(FRAME, TEXT), into);
    return true;
  }

  /** Writes a usual frame, up to the findings; says whether it is one. */
  usual(whole: Packet, into: Utf8Text): boolean {
    const { dissection, facts, number, nanos, wire, captured } = whole;
    const start = usualHeader(dissection, 'eth');
    const [packet] = dissection.channels;
    if (start < 0 || !packet || packet.padding === undefined || packet.checksumStatus !== 'good') return false;
    const { view, at, end, dialect, padding, messages } = packet;
    if (end - start > MOST_FRAME || !this.takeTexts(whole, dialect)) return false;
    this.take(view, start, end - start);
    const { front, initiatorFirst, responderFirst } = this.calls as KnownCalls;
    const text = front(FRAME, TEXT, number, nanos, wire, captured);
    const envelope = dialect.responderFirst ? responderFirst : initiatorFirst;
    const [place, checksumAt] = [FRAME + at - start, FRAME + end - start - footer.size];
    const next = this.common(packet, FRAME - start, envelope(place, text, checksumAt, padding), into);
    if (next === messages.length) {
      this.finish(facts.channels, into);
    } else {
      this.give(this.text, into);
      writeMessages(packet, next, statusesOf(whole), into);
      into.addBytes(END);
      writeTouched(facts.channels, into);
    }
    return true;
  }

  /**
   * Writes the common messages that come first, after what stands in the memory already.
   * @param base where byte 0 of the view would stand
   * @returns how many there were; `this.text` is where they end
   */
  private common({ messages, view }: ChannelPacket, base: number, from: number, into: Utf8Text): number {
    let text = from;
    let count = 0;
    for (; count < messages.length; count++) {
      const { kind, body, end, stop } = messages[count] as Message;
      const write = kind && this.messages.get(kind);
      if (!write || stop) break;
      if (text + 2 * (end - body) + MOST_AROUND > TEXT + MOST_WRITTEN) {
        this.give(text, into);
        text = TEXT;
      }
      if (count > 0) this.bytes[text++] = COMMA;
      if (kind.code === CODES.DATA) {
        const length = Number(kind.body.fields.length?.read(view, body));
        text = write(base + end - length, text, base + end);
      } else text = write(base + body, text);
    }
    this.text = text;
    return count;
  }

  /** Writes what stands in the memory, the end of the channel packet, and the tracked channels. */
  private finish(channels: readonly Touched[], into: Utf8Text): void {
    const [channel] = channels;
    if (channel?.c2 === undefined || channels.length > 1) {
      this.give(this.text, into);
      into.addBytes(END);
      writeTouched(channels, into);
      return;
    }
    const { number, c1, c2, state, caps } = channel;
    this.words.setUint16(ID_AT, c1);
    this.words.setUint16(ID_AT + 2, c2);
    const { end } = this.calls as KnownCalls;
    this.give(end(stateAt(state, caps), this.text, number), into);
  }

  /** Puts the texts of a packet where the functions look for them; says whether there is one for each. */
  private takeTexts({ seconds, nanos, on, comments }: Packet, dialect: Dialect): boolean {
    if (comments.length > 0 || !this.knowsTime(seconds, nanos)) return false;
    if (on !== this.on && !this.takeInterface(on)) return false;
    if (dialect !== this.dialect) this.takeDialect(dialect);
    return true;
  }

  /** Whether a time is one that has a date, whole and not before 1970; its second is then in the memory. */
  private knowsTime(seconds: number, nanos: number): boolean {
    if (nanos >= 1_000_000_000) return false;
    if (seconds === this.second) return true;
    if (!Number.isInteger(seconds) || seconds < 0 || seconds > LAST_DATE) return false;
    this.second = seconds;
    this.remember(TEXTS.second, `${isoSecond(seconds)}.`);
    this.remember(TEXTS.epoch, `${seconds}.`);
    return true;
  }

  private takeInterface(on: CaptureInterface | undefined): boolean {
    const text = on?.name === undefined ? '' : `,"interface_name":${jsonText(on.name)}`;
    if (Buffer.byteLength(text) > MOST_TEXT) return false;
    this.on = on;
    this.remember(TEXTS.interface, text);
    return true;
  }

  private takeDialect(dialect: Dialect): void {
    this.dialect = dialect;
    this.remember(TEXTS.dialect, `{"dialect":"${dialect.name}","protocol_id":"`);
  }

  /** Puts a text where the functions look for it. */
  private remember(address: number, text: string): void {
    const bytes = utf8(text);
    this.words.setUint32(address - 4, bytes.length, true);
    this.bytes.set(bytes, address);
  }

  private take(view: DataView, at: number, size: number): void {
    this.bytes.set(new Uint8Array(view.buffer, view.byteOffset + at, size), FRAME);
  }

  private give(end: number, into: Utf8Text): void {
    into.addBytes(this.bytes.subarray(TEXT, end));
  }
}

/** The end of the messages, of their packet, and of the layer. */
const END = utf8(']}]');

const stateAt = (state: State, caps: number | undefined): number =>
  STATES_AT + STATE_ROOM * (STATES.indexOf(state) * (ALL_CAPS + 1) + (caps === undefined ? ALL_CAPS : caps & 7)) + 4;

/** Made when it is first needed; null where it cannot be made. */
const made: { memory: JsonMemory | null | undefined } = { memory: undefined };

/** The one memory of this thread; undefined where WebAssembly has no vectors. */
export function jsonMemory(): JsonMemory | undefined {
  if (made.memory === undefined) {
    const room = wasmMemory(TEXT + MOST_WRITTEN + OVERRUN, jsonFunctions());
    made.memory = room ? new JsonMemory(room.buffer, room.calls) : null;
  }
  return made.memory ?? undefined;
}
