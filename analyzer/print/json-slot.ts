import { type Words, wordsOf } from './utf8-text.js';

/** A layer, or a header inside one: what fields are named after. There is one object for each name. */
export interface JsonHead {
  readonly name: string;
}

const heads = new Map<string, JsonHead>();

/** The one object of a name. */
export function jsonHead(name: string): JsonHead {
  let head = heads.get(name);
  if (!head) {
    head = { name };
    heads.set(name, head);
  }
  return head;
}

/** What JSON knows of a filter name: how its member begins, and where it was last told. */
export interface JsonSlot {
  /** Its place among all slots, for `slotNumbered`. */
  readonly number: number;
  /** What the name says up to its first dot. */
  readonly head: JsonHead;
  /** `,"ttl":` of `ip.ttl`. */
  readonly key: Words;
  /** The layer that had it last, by its number. */
  layer: number;
}

const all: JsonSlot[] = [];
const slots = new Map<string, JsonSlot>();

/** The one slot of a filter name; one without a dot is named after nothing. */
export function jsonSlot(path: string): JsonSlot {
  const known = slots.get(path);
  if (known) return known;
  const dot = path.indexOf('.');
  const made: JsonSlot = {
    number: all.length,
    head: jsonHead(dot < 0 ? '' : path.slice(0, dot)),
    key: wordsOf(`,"${path.slice(dot + 1)}":`),
    layer: 0,
  };
  slots.set(path, made);
  all.push(made);
  return made;
}

/** The slot that has a number. */
export const slotNumbered = (number: number): JsonSlot => all[number] as JsonSlot;
