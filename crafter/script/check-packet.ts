import { type Dialect, messageOf } from '../../dissectors/channel/dialects.js';
import { footer, privateHeader } from '../../dissectors/channel/packet.js';
import { faultNamed } from '../fault-names.js';
import { protocolForm } from './protocol.js';
import type { Capture, FieldPlan, MessagePlan, PacketPlan, ProtocolPlan } from './script.js';
import { ScriptError } from './script-error.js';
import { bytesShape, numberShape, type Shape, shapeOf } from './shape.js';
import type { FieldTree, MessageTree, PacketTree, Position } from './tree.js';
import { FIRST_FIELD, MESSAGE_WORDS, suggestion, wordOf } from './words.js';

/** What `chan(…)` may say of a packet that is sent, beside the fields of its layouts. */
const ROOM: readonly Shape[] = [numberShape('padding', 0xffff), numberShape('padded_to', 0xffff)];
/** What it may say of one that is expected. */
const JUDGED: readonly Shape[] = [numberShape('padding', 0xffff), numberShape('findings')];

const UNKNOWN: readonly Shape[] = [numberShape('code', 34_630_287_487), bytesShape('body')];
/** More copies of a packet than any test needs. */
const MOST_TIMES = 100_000;
/** More packets of one kind in a row than any test expects: each is a line of its own. */
const MOST_EXPECTED = 1000;
/** Ports of its own that a script may have: each is a socket. */
const MOST_PORTS = 16;

/** Finds what the names in the packets of a script stand for, in one dialect. */
export class PacketChecker {
  readonly #file: string;
  readonly #dialect: Dialect;

  constructor(file: string, dialect: Dialect) {
    this.#file = file;
    this.#dialect = dialect;
  }

  /** @throws {ScriptError} on a name that means nothing, or one that is given twice */
  packet(tree: PacketTree, purpose: 'send' | 'expect'): PacketPlan {
    const { line, column, raw, via, times } = tree;
    const messages: (MessagePlan | '...')[] = [];
    let header: readonly FieldPlan[] = [];
    const protocol = this.#protocol(tree);
    for (const [place, message] of (protocol ? [] : tree.messages).entries()) {
      if (message.name === '...') {
        if (purpose === 'send') throw this.error(message, '"..." stands for messages that may come: it cannot be sent');
        messages.push('...');
      } else if (message.name === 'chan') {
        if (place > 0) throw this.error(message, 'chan(…) must stand before the messages');
        header = this.#fields(message as MessageTree, this.#headerShapes(purpose), 'a packet');
      } else {
        messages.push(this.#message(message as MessageTree));
      }
    }
    if (via && (via.number < 1 || via.number > MOST_PORTS))
      throw this.error(via, `expected a port from 1 to ${MOST_PORTS}`);
    const mostTimes = purpose === 'send' ? MOST_TIMES : MOST_EXPECTED;
    if (times && (times.most < 1 || times.most > mostTimes || (purpose === 'send' && times.count < 1))) {
      throw this.error(times, `expected a number of times from 1 to ${mostTimes}`);
    }
    return {
      at: { line, column },
      header,
      messages,
      raw,
      protocol,
      faults: tree.faults.map(({ text, ...at }) => this.#attempt(at, () => faultNamed(text))),
      captures: tree.captures.map((capture) => this.#capture(capture, messages, raw !== undefined, protocol)),
      via: via?.number ?? 1,
      times: times?.count ?? 1,
    };
  }

  /** The fields of something in parentheses. @param first what may stand first without its name, in order */
  fields(tree: MessageTree, shapes: readonly Shape[], first: readonly string[]): readonly FieldPlan[] {
    return this.#fields(tree, shapes, tree.name, first);
  }

  error({ line, column }: Position, problem: string): ScriptError {
    return new ScriptError(this.#file, line, column, problem);
  }

  #attempt<T>(at: Position, action: () => T): T {
    try {
      return action();
    } catch (error) {
      if (error instanceof RangeError) throw this.error(at, error.message);
      throw error;
    }
  }

  #headerShapes(purpose: 'send' | 'expect'): readonly Shape[] {
    const layouts = [this.#dialect.header, privateHeader, footer];
    return [...layouts.flatMap(({ list }) => list.map(shapeOf)), ...(purpose === 'send' ? ROOM : JUDGED)];
  }

  /** The message of another protocol that a packet is, if it is one. */
  #protocol({ messages }: PacketTree): ProtocolPlan | undefined {
    const forms = messages.map(({ name }) => (isOwn(name) ? undefined : protocolForm(name)));
    const place = forms.findIndex((form) => form !== undefined);
    const [form, tree] = [forms[place], messages[place]];
    if (!form || !tree) return undefined;
    if (messages.length > 1) throw this.error(tree, `${tree.name}(…) stands alone: a datagram holds one of them`);
    return { form, word: tree.name, fields: this.#fields(tree as MessageTree, form.shapes, tree.name) };
  }

  #message(tree: MessageTree): MessagePlan {
    const at = { line: tree.line, column: tree.column };
    if (tree.name === 'unknown') {
      const fields = this.#fields(tree, UNKNOWN, 'unknown', ['code', 'body']);
      if (!fields.some(({ shape }) => shape.key === 'code'))
        throw this.error(at, 'unknown(…) needs the number of its type');
      return { kind: undefined, word: 'unknown', fields, at };
    }
    const name = MESSAGE_WORDS.get(tree.name.toLowerCase());
    if (name === undefined) {
      const words = [...new Set([...MESSAGE_WORDS.values()].map(wordOf)), 'unknown', 'chan'];
      const hint = suggestion(tree.name, words) || `, expected one of ${words.join(', ')}`;
      throw this.error(at, `"${tree.name}" is no message${hint}`);
    }
    const kind = messageOf(this.#dialect, name);
    if (!kind) throw this.error(at, `the dialect ${this.#dialect.name} has no ${name}; unknown(…) stands for any type`);
    const first = FIRST_FIELD[name];
    const fields = this.#fields(tree, kind.body.list.map(shapeOf), name, first === undefined ? [] : [first]);
    return { kind, word: wordOf(name), fields, at };
  }

  #fields(
    { fields }: MessageTree,
    shapes: readonly Shape[],
    owner: string,
    first: readonly string[] = [],
  ): readonly FieldPlan[] {
    const plans: FieldPlan[] = [];
    for (const [place, field] of fields.entries()) {
      const { line, column, pattern } = field;
      const at = { line, column };
      const shape = this.#shape(field, shapes, owner, first[place]);
      if (plans.some((plan) => plan.shape.key === shape.key)) throw this.error(at, `${shape.key} is given twice`);
      plans.push({ shape, pattern, at });
    }
    return plans;
  }

  #shape(field: FieldTree, shapes: readonly Shape[], owner: string, first: string | undefined): Shape {
    const names = shapes.map(({ key }) => key);
    const name = field.name ?? first;
    if (name === undefined)
      throw this.error(field, `expected NAME=VALUE with a field of ${owner}: ${names.join(', ')}`);
    const shape = shapes.find(({ key }) => key === name);
    if (shape) return shape;
    const hint = suggestion(name, names) || `, expected one of ${names.join(', ')}`;
    throw this.error(field, `${owner} has no field ${name}${hint}`);
  }

  #capture(
    { field, nth, as, line, column }: PacketTree['captures'][number],
    messages: readonly (MessagePlan | '...')[],
    isRaw: boolean,
    protocol: ProtocolPlan | undefined,
  ): Capture {
    const at = { line, column };
    if (protocol) {
      const names = protocol.form.shapes.map(({ key }) => key);
      if (!names.includes(field)) {
        throw this.error(at, `${protocol.word} has no field ${field}${suggestion(field, names)}`);
      }
      if (nth > 1) throw this.error(at, `of ${protocol.word} the first ${field} is kept`);
      return { field, nth, as, at };
    }
    if (isRaw) throw this.error(at, 'raw bytes have no fields to keep');
    const has = messages.filter((message) => message !== '...' && hasField(message, field)).length;
    const isOpen = messages.includes('...');
    if (has < nth && !isOpen && !(nth === 1 && this.#headerHas(field))) {
      const which = nth > 1 ? `no ${nth} messages have` : 'nothing in this packet has';
      throw this.error(at, `${which} a field ${field}${suggestion(field, this.#fieldNames(messages))}`);
    }
    return { field, nth, as, at };
  }

  #headerHas(field: string): boolean {
    return field === 'c1' || field === 'c2' || this.#headerShapes('expect').some(({ key }) => key === field);
  }

  #fieldNames(messages: readonly (MessagePlan | '...')[]): readonly string[] {
    const own = messages.flatMap((message) => (message === '...' ? [] : (message.kind?.body.list ?? [])));
    return [...own.map(({ key }) => key), ...this.#headerShapes('expect').map(({ key }) => key)];
  }
}

/** Whether a name is one of the channel protocol's, which come first. */
const isOwn = (name: string): boolean =>
  name === '...' || name === 'chan' || name === 'unknown' || MESSAGE_WORDS.has(name.toLowerCase());

/** Whether a message has a field, or an id that has the half. */
function hasField({ kind }: Pick<MessagePlan, 'kind'>, field: string): boolean {
  if (!kind) return false;
  const { fields } = kind.body;
  return fields[field] !== undefined || ((field === 'c1' || field === 'c2') && fields.id !== undefined);
}
