import { type CookieInput, cookieKey } from '../../dissectors/channel/cookie.js';
import { CODES } from '../../dissectors/channel/messages.js';
import { plus } from '../../dissectors/channel/sequence.js';
import type { Field } from '../../dissectors/wire/field.js';
import type { Placed } from '../../dissectors/wire/layout.js';
import { evaluate, ValueError } from './evaluate.js';
import type { Scope } from './scope.js';
import type { MessagePlan } from './script.js';
import type { Sender } from './sender.js';
import { bytesShape, type FieldValue, numberShape, type Shape, shapeOf } from './shape.js';
import type { Expression } from './tree.js';
import { channelIn, variableFor } from './variables.js';

const HALF = 0xffff;
const RANDOM = 'random';

/**
 * The value of a field that a sent message leaves out: an own cookie is computed, others are the variable of the same
 * name, then what follows from other variables, then what may be anything. Undefined where zero, or nothing, will do.
 * @throws {ValueError} if the field needs a value that nobody gave
 */
export function derivedValue(
  field: Placed<Field>,
  message: MessagePlan,
  known: Readonly<Record<string, FieldValue>>,
  sender: Sender,
  scope: Scope,
): FieldValue | undefined {
  const { key } = field;
  const code = message.kind?.code;
  const shape = shapeOf(field);
  // A length follows from its bytes, and bits from their word.
  if (key === 'length' || key.includes('.')) return undefined;
  if (key === 'cookie1' && code === CODES.CHANNEL_NEW) {
    return cookie(sender, { ...roles(scope), c1: Number(known.c1) });
  }
  if (key === 'cookie2' && code === CODES.CHANNEL_ACKNOWLEDGE) {
    const id = Number(known.id);
    return cookie(sender, { ...roles(scope), c1: id >>> 16, c2: id & HALF });
  }
  const variable = variableFor(shape, scope, message.at);
  if (variable !== undefined) return variable;
  switch (key) {
    case 'c1':
    case 's1':
    case 's2':
      return anything(shape, message, scope);
    case 'id':
      return idOf(message, scope, shape);
    case 'cookie':
      return returned(sender.role === 'initiator' ? 'cookie2' : 'cookie1', shape, message, scope);
    case 'ack':
      return acknowledged(code === CODES.CHANNEL_ACKNOWLEDGE ? 's1' : 's2', message, scope);
    case 'cookie1':
    case 'cookie2':
      throw missing(key, message, `keep one: -> ${key}`);
    default:
      return undefined;
  }
}

const roles = ({ initiator, responder }: Scope) => ({ initiator, responder });

const cookie = ({ dialect, secret }: Sender, input: CookieInput): Uint8Array => cookieKey(dialect, secret)(input);

const missing = (key: string, { word, at }: MessagePlan, advice: string): ValueError =>
  new ValueError(at, `${word}() needs ${key}: give it, or ${advice}`);

/** Any value that fits, as if the script said `random`. */
function anything(shape: Shape, { at }: MessagePlan, scope: Scope): FieldValue {
  const expression: Expression = { ...at, kind: 'name', name: RANDOM, isMarked: false };
  return evaluate(expression, shape, scope);
}

function idOf(message: MessagePlan, scope: Scope, shape: Shape): number {
  const id = channelIn(scope, shape, message.at);
  if (id !== undefined) return id;
  const c1 = variableFor(numberShape('c1', HALF), scope, message.at);
  if (message.kind?.code === CODES.CHANNEL_ACKNOWLEDGE && c1 !== undefined) {
    return ((Number(c1) << 16) | Number(anything(numberShape('c2', HALF), message, scope))) >>> 0;
  }
  throw missing('id', message, 'keep one: -> id');
}

function returned(name: string, shape: Shape, message: MessagePlan, scope: Scope): FieldValue {
  const value = variableFor(bytesShape(name, shape.size), scope, message.at);
  if (value === undefined) throw missing('cookie', message, `keep the one that it returns: -> ${name}`);
  return value;
}

function acknowledged(name: string, message: MessagePlan, scope: Scope): number {
  const start = variableFor(numberShape(name, HALF), scope, message.at);
  if (start === undefined) throw missing('ack', message, `keep what it acknowledges: -> ${name}`);
  return plus(Number(start), 1);
}
