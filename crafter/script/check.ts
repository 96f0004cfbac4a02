import { type LineChecker, stepsOf } from './check-lines.js';
import { PacketChecker } from './check-packet.js';
import { type Overrides, settingsOf } from './check-settings.js';
import { checkTimes } from './check-times.js';
import { Variables } from './check-variables.js';
import { commandFields, sightPlan } from './command-fields.js';
import { holdsAll } from './conditions.js';
import { wantedBy } from './differs.js';
import { heldBy, ValueError } from './evaluate.js';
import type { Scope } from './scope.js';
import type { Capture, FieldPlan, PacketPlan, Script, ScriptSettings, SightPlan, Step, Target } from './script.js';
import { ScriptError } from './script-error.js';
import { buildPacket, valuesOf } from './send.js';
import { bytesShape, type FieldValue, type Shape, shapeOf } from './shape.js';
import { cookieOf, initiatorOf, ownSide, type Situation, scopeOf, senderIn } from './situation.js';
import { locating } from './sources.js';
import type { BlockTree, Expression, LineTree, Position, ScriptTree } from './tree.js';
import { isWord } from './words.js';

/**
 * Checks a script whole: every name, every type and range, every variable. What is sent is made once for trial, with
 * made-up values for what only the other peer can tell.
 *
 * @param overrides what whoever runs the script says in place of its settings
 * @param defines … and of its variables
 * @throws {ScriptError} saying where, what was found and what was expected
 */
export function check(tree: ScriptTree, overrides: Overrides = {}, defines: Defines = new Map()): Script {
  return locating(tree.parts, () => {
    const settings = settingsOf(tree, overrides);
    const { file, source, parts } = tree;
    try {
      const trial = new Trial(file, settings);
      const variables = trial.variables(tree, defines);
      const ignores = trial.ignores(tree);
      const steps = stepsOf(tree.lines, trial);
      // What is passed over may be told by a variable that some line keeps.
      for (const plan of ignores) trial.expect(plan);
      checkTimes(file, settings, steps);
      trial.finish();
      const ignoresRepeats = tree.settings.some((one) => one.kind === 'ignore' && one.packet === undefined);
      const drops = tree.settings.flatMap((one) => (one.kind === 'drop' ? one.packets : []));
      return {
        ...settings,
        file,
        parts,
        source,
        variables,
        ignores,
        ignoresRepeats,
        drops,
        steps,
        unused: trial.unused(defines),
      };
    } catch (error) {
      if (error instanceof ValueError) throw new ScriptError(file, error.at.line, error.at.column, error.message);
      throw error;
    }
  });
}

/** Values that whoever runs a script gives to its variables, in place of those that it sets. */
export type Defines = ReadonlyMap<string, Expression>;

/** A run of a script with made-up values, in which nothing is sent. */
class Trial implements LineChecker {
  readonly #known = new Variables();
  readonly #packets: PacketChecker;
  readonly #situation: Situation;
  readonly #target: Target['kind'];

  constructor(file: string, settings: ScriptSettings) {
    const { dialect, role, remote, remoteSecret } = settings;
    this.#packets = new PacketChecker(file, dialect);
    this.#target = settings.target.kind;
    const made = (value: Uint8Array | string, size: number) =>
      typeof value === 'string' ? new Uint8Array(size) : value;
    const [local, other, secret] = [made(settings.local, PEER), made(remote, PEER), made(settings.secret, SECRET)];
    this.#situation = {
      dialect,
      role,
      local,
      remote: other,
      secret,
      remoteSecret,
      variable: (name) => this.#known.value(name),
      names: () => this.#known.names(),
      random: (size) => new Uint8Array(size),
      next: () => 0,
      start: () => 0,
      told: () => 0,
    };
    for (const [name, held] of Object.entries({ local, remote: other, secret })) this.#known.define(name, held);
    if (remoteSecret) this.#known.define('remote_secret', remoteSecret);
  }

  variables(tree: ScriptTree, defines: Defines): Script['variables'] {
    const scope = scopeOf(this.#situation, ownSide(this.#situation));
    const given = [...defines].map(([name, value]) => {
      this.#define(name, heldBy(value, scope), undefined);
      return { name, value, line: value.line, column: value.column };
    });
    const own = tree.settings.flatMap((setting) => {
      if (setting.kind !== 'let' || defines.has(setting.name)) return [];
      const { name, value, line, column } = setting;
      this.#define(name, heldBy(value, scope), setting);
      return [{ name, value, line, column }];
    });
    return [...given, ...own];
  }

  ignores(tree: ScriptTree): readonly PacketPlan[] {
    return tree.settings.flatMap((setting) => {
      if (setting.kind !== 'ignore' || !setting.packet) return [];
      return [this.#packets.packet(setting.packet, 'expect')];
    });
  }

  step(line: LineTree): readonly Step[] {
    const { line: number, column, time } = line;
    const place = { line: number, column, time };
    if (time.kind === 'also' && line.kind !== 'expect') throw this.refuse(time, '"&" is for packets that are expected');
    switch (line.kind) {
      case 'nothing':
        return [{ ...place, kind: 'nothing' }];
      case 'command': {
        const { name, fields } = commandFields(line.command, this.#packets);
        valuesOf(fields, scopeOf(this.#situation, 'local'));
        return [{ ...place, kind: 'command', name, given: fields }];
      }
      case 'see':
        return [{ ...place, kind: 'see', sight: this.#sight(line) }];
      case 'send': {
        const packet = this.#packets.packet(line.packet, 'send');
        this.#send(packet);
        return [{ ...place, kind: 'send', packet }];
      }
      case 'expect': {
        const packet = this.#packets.packet(line.packet, 'expect');
        this.expect(packet);
        // What may not come leaves the value before as it was.
        if (line.isOptional) for (const { as } of packet.captures) this.#known.value(as);
        this.#keep(packet);
        return copiesOf({ ...place, kind: 'expect', packet, isOptional: line.isOptional, skips: 0 }, line.packet.times);
      }
    }
  }

  condition({ condition }: Extract<BlockTree, { isBlock: true }>): void {
    holdsAll(condition, scopeOf(this.#situation, ownSide(this.#situation)));
  }

  refuse(at: Position, problem: string): ScriptError {
    return this.#packets.error(at, problem);
  }

  #sight(line: Extract<LineTree, { kind: 'see' }>): SightPlan | undefined {
    if (this.#target !== 'peer') {
      throw this.refuse(line, 'only the application of the built-in peer can be watched: what another sees is its own');
    }
    if (!line.sight) return undefined;
    const plan = sightPlan(line.sight, this.#packets);
    this.#fields(plan.fields, scopeOf(this.#situation, 'local'));
    return plan;
  }

  /** Variables that were given a value from outside, and that nothing asks for. */
  unused(defines: Defines): readonly string[] {
    return [...defines.keys()].filter((name) => !this.#known.isUsed(name));
  }

  /** @throws {ScriptError} if a variable was kept for nothing */
  finish(): void {
    const [first] = this.#known.unused();
    if (first) throw this.#packets.error(first, `${first.name} is kept here and never used`);
  }

  #send(plan: PacketPlan): void {
    const { bytes } = buildPacket(plan, senderIn(this.#situation));
    if (bytes.length > MOST_DATAGRAM) {
      throw this.#packets.error(plan.at, `${bytes.length} bytes do not fit a datagram, which holds ${MOST_DATAGRAM}`);
    }
    this.#keep(plan);
  }

  /** Looks at all values of a packet that is expected. */
  expect(plan: PacketPlan): void {
    const side = ownSide(this.#situation);
    if (plan.raw) wantedBy({ ...plan.raw, kind: 'is', value: plan.raw }, bytesShape('raw'), this.#scope(side, -1));
    if (plan.protocol) return this.#fields(plan.protocol.fields, this.#scope(side, -1));
    this.#fields(plan.header, this.#scope(side, -1));
    // Asked for by every packet off the default channel that does not say its own.
    if (!plan.header.some(({ shape }) => shape.key === 'id')) for (const name of CHANNEL) this.#known.value(name);
    for (const message of plan.messages) {
      if (message === '...') continue;
      const code = message.kind?.code ?? -1;
      this.#fields(message.fields, this.#scope(initiatorOf(this.#situation, code), code));
    }
  }

  #fields(fields: readonly FieldPlan[], scope: Scope): void {
    for (const { pattern, shape } of fields) wantedBy(pattern, shape, scope);
  }

  /** What expected values may ask for, with made-up answers to `valid`. */
  #scope(side: 'local' | 'remote', code: number): Scope {
    const valid = (key: string, at: Position): FieldValue | undefined => {
      if (code < 0) return undefined;
      if (key === 'ack') return 0;
      if (!key.startsWith('cookie')) return undefined;
      cookieOf(this.#situation, code, key, at);
      return new Uint8Array(this.#situation.dialect.cookieSize);
    };
    return { ...scopeOf(this.#situation, side), valid };
  }

  #keep(plan: PacketPlan): void {
    for (const capture of plan.captures) this.#define(capture.as, this.#madeUp(plan, capture), capture.at);
  }

  #madeUp({ protocol }: PacketPlan, { field }: Capture): FieldValue {
    const shape = protocol?.form.shapes.find(({ key }) => key === field);
    if (shape) return exampleOf(shape);
    const { messages, header } = this.#situation.dialect;
    const fields = [...messages.flatMap(({ body }) => body.list), ...header.list];
    const found = fields.find(({ key }) => key === field);
    return found ? exampleOf(shapeOf(found)) : 1;
  }

  #define(name: string, held: Parameters<Variables['define']>[1], place: Position | undefined): void {
    const at = place ?? { line: 1, column: 1 };
    if (isWord(name)) throw this.#packets.error(at, `"${name}" has a meaning of its own and cannot name a variable`);
    if (name.includes('.') || name.includes('-')) {
      throw this.#packets.error(
        at,
        `a variable is named with letters, digits and "_": say as ${name.replaceAll(/[.-]/g, '_')}`,
      );
    }
    if (PREDEFINED.has(name)) throw this.#packets.error(at, `${name} is a setting and cannot be a variable too`);
    this.#known.define(name, held, place);
  }
}

/** An expected packet as often as it must come, and may: each time is a step of its own. */
function copiesOf(
  step: Extract<Step, { kind: 'expect' }>,
  { count, most }: { readonly count: number; readonly most: number } = { count: 1, most: 1 },
): readonly Step[] {
  const required = step.isOptional ? 0 : count;
  return Array.from({ length: most }, (_, place) =>
    place < required ? step : { ...step, isOptional: true, skips: most - 1 - place },
  );
}

const PEER = 16;
const SECRET = 32;
/** Bytes that a datagram of UDP over IPv4 can hold. Source: RFC 768, RFC 791. */
const MOST_DATAGRAM = 65_507;
const PREDEFINED: ReadonlySet<string> = new Set(['local', 'remote', 'secret', 'remote_secret']);
const CHANNEL = ['id', 'c1', 'c2'];
/** Of bytes without a fixed size: as many as any function may want. */
const EXAMPLE_SIZE = 1200;

function exampleOf({ type, size }: Shape): FieldValue {
  if (type === 'bytes') return new Uint8Array(size ?? EXAMPLE_SIZE);
  return type === 'bool' ? true : 1;
}
