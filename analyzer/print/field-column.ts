import { messageType } from '../../dissectors/channel/messages.js';
import type { Field, Value } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import type { Taker } from '../../dissectors/wire/pick-sink.js';
import { type Accessor, accessor } from './accessor.js';
import type { FieldOptions } from './field-options.js';
import { textOf } from './field-texts.js';
import { pathsOf } from './fields.js';
import type { Packet } from './packet.js';
import { Utf8Text } from './utf8-text.js';

/** Where nothing is written: until a packet comes. */
const NOWHERE = new Utf8Text(0);

/** A field as `-T fields` and CSV print it: its values in a packet go into text as they are found, without strings. */
export class FieldColumn implements Taker {
  private readonly access: Accessor;
  private readonly name: string;
  private readonly options: FieldOptions;
  private into = NOWHERE;
  private start = 0;
  private count = 0;

  constructor(name: string, options: FieldOptions) {
    const paths = pathsOf(name);
    this.name = paths[0] ?? name;
    this.options = options;
    this.access = accessor(paths, this);
  }

  /** Writes the values of the field in a packet. One that is not there has no quotes either. */
  write(packet: Packet, into: Utf8Text): void {
    const { quote } = this.options;
    this.into = into;
    this.count = 0;
    this.start = into.length;
    this.access(packet);
    if (this.count > 0 && quote !== '') into.add(quote);
  }

  field(field: Placed<Field>, view: DataView, base: number): void {
    if (!this.begin()) return;
    const { into } = this;
    const { kind, size, offset } = field;
    const at = base + offset;
    if (kind === 'ether') into.addEther(view, at);
    else if (kind === 'bytes' && typeof size === 'number') into.addHex(view, at, at + size);
    else this.writeValue(field, field.read(view, base));
  }

  value(field: Field, value: Value): void {
    if (this.begin()) this.writeValue(field, value);
  }

  presence(): void {
    if (this.begin()) this.into.add(this.name);
  }

  private writeValue(field: Field, value: Value): void {
    const { into } = this;
    const { kind, base } = field;
    if (kind === 'ipv4' && typeof value === 'number') into.addIpv4(value);
    else if (kind === 'bytes' && value instanceof Uint8Array) into.addHexBytes(value);
    else if (typeof value === 'boolean') into.addNumber(value ? 1 : 0);
    else if (kind === 'uint' && base === 'dec' && isCount(value) && field !== MESSAGE_TYPE) into.addNumber(value);
    else into.addPrintable(textOf(field, value));
  }

  /** Makes room for the next value; says whether it is wanted. */
  private begin(): boolean {
    const { into, options } = this;
    const { quote, aggregator, occurrence } = options;
    this.count++;
    if (this.count === 1) {
      if (quote !== '') into.add(quote);
      return true;
    }
    if (occurrence === 'f') return false;
    if (occurrence === 'a') {
      into.add(aggregator);
      return true;
    }
    // The last one takes the place of those before it.
    into.length = this.start;
    if (quote !== '') into.add(quote);
    return true;
  }
}

const MESSAGE_TYPE: Field = messageType.fields['msg.type'];

const isCount = (value: Value): value is number =>
  typeof value === 'number' && value >= 0 && Number.isSafeInteger(value);
