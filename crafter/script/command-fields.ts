import type { PacketChecker } from './check-packet.js';
import type { CommandName, FieldPlan, SightName, SightPlan } from './script.js';
import { boolShape, bytesShape, numberShape, type Shape } from './shape.js';
import type { MessageTree } from './tree.js';
import { suggestion } from './words.js';

interface Command {
  readonly about: string;
  /** What it takes; the first may stand without its name. */
  readonly takes: readonly Shape[];
}

/** The largest value of 16 bits. */
const MOST_16 = 0xffff;

/** What the built-in peer can be told to do. */
export const COMMANDS: Readonly<Record<CommandName, Command>> = {
  open: {
    about: 'opens a channel to the script; with early data if it is told at once what to send',
    takes: [numberShape('caps', MOST_16), boolShape('early'), numberShape('padded_to', MOST_16)],
  },
  send: { about: 'sends bytes on the channel that was opened last', takes: [bytesShape('data')] },
  close: { about: 'closes that channel with reason 0, after all that was sent', takes: [] },
  abort: { about: 'closes that channel at once', takes: [numberShape('reason', MOST_16)] },
};

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name);

/** @throws {ScriptError} on a command that there is not */
export function commandFields(
  tree: MessageTree,
  checker: PacketChecker,
): { readonly name: CommandName; readonly fields: readonly FieldPlan[] } {
  const { name } = tree;
  if (!isCommand(name)) {
    const known = Object.keys(COMMANDS);
    const hint = suggestion(name, known) || `, expected one of ${known.join(', ')}`;
    throw checker.error(tree, `the built-in peer cannot be told to "${name}"${hint}`);
  }
  const { takes } = COMMANDS[name];
  return { name, fields: checker.fields(tree, takes, takes[0] ? [takes[0].key] : []) };
}

/** What the application of the built-in peer can see. */
export const SIGHTS: Readonly<Record<SightName, Command>> = {
  opened: { about: 'a channel is there', takes: [numberShape('caps', MOST_16)] },
  receive: {
    about: 'bytes are delivered: where the mode is ordered the next ones of a stream, else a whole message',
    takes: [bytesShape('data')],
  },
  ended: { about: 'the other direction has ended, and all of it is delivered', takes: [] },
  closed: { about: 'the channel is over', takes: [numberShape('reason', MOST_16)] },
  failed: { about: 'nobody answered the handshake, or it was called off', takes: [] },
};

const isSight = (name: string): name is SightName => Object.hasOwn(SIGHTS, name);

/** @throws {ScriptError} on something that no application can see */
export function sightPlan(tree: MessageTree, checker: PacketChecker): SightPlan {
  const { name } = tree;
  if (!isSight(name)) {
    const known = Object.keys(SIGHTS);
    const hint = suggestion(name, known) || `, expected one of ${known.join(', ')}`;
    throw checker.error(tree, `no application can see "${name}"${hint}`);
  }
  const { takes } = SIGHTS[name];
  return { name, fields: checker.fields(tree, takes, takes[0] ? [takes[0].key] : []) };
}
