import { CaptureError } from '../capture/capture-error.js';
import type { CaptureEngine, LinkType, Refusal } from '../capture/engine.js';
import { enginesFor } from '../capture/engines.js';
import { interfaceNamed, type SystemInterface, systemInterfaces } from '../capture/interfaces.js';
import { installHints, permissionHints, STILL_WORKS, surroundings } from '../capture/permission-hints.js';
import { table } from '../print/table.js';
import { printable } from '../text/printable.js';
import type { Io } from './io.js';
import type { LiveOptions } from './live-options.js';
import { Output } from './output.js';
import { UsageError } from './usage-error.js';

/** What an engine can do with an interface. */
interface Ability {
  readonly engine: CaptureEngine['name'];
  readonly found: readonly LinkType[] | Refusal;
}

/** Prints the interfaces of this machine, and what can capture on each. Works without rights and without any engine. */
export async function listInterfaces(format: 'text' | 'json', io: Io): Promise<void> {
  const all = systemInterfaces();
  const engines = enginesFor('auto');
  const abilities: (readonly Ability[])[] = [];
  for (const one of all) abilities.push(await abilitiesOf(one, engines, abilities.flat()));
  const output = new Output(io.stdout);
  const lines =
    format === 'json'
      ? all.map((one, index) => interfaceJson(one, abilities[index] ?? []))
      : table(
          HEADS,
          all.map((one, index) => rowOf(index + 1, one, abilities[index] ?? [])),
        );
  for (const line of lines) output.write(`${line}\n`);
  await output.flush();
  for (const text of remarks(abilities.flat())) io.remark(text);
}

/** Prints the interfaces as `dumpcap -D` does. */
export async function listNumbered(io: Io): Promise<void> {
  const output = new Output(io.stdout);
  for (const [index, { name, isLoopback }] of systemInterfaces().entries()) {
    output.write(`${index + 1}. ${printable(name)}${isLoopback ? ' (Loopback)' : ''}\n`);
  }
  await output.flush();
}

/** Prints the link types of the interfaces that are named, as `dumpcap -L` does. */
export async function listLinkTypes(
  { interface: given = [], engine = 'auto' }: Partial<LiveOptions>,
  io: Io,
): Promise<void> {
  if (given.length === 0) throw new UsageError('-L: no interface: name it with -i');
  const output = new Output(io.stdout);
  for (const { value } of given) {
    const name = interfaceNamed(value, systemInterfaces());
    const abilities = await abilitiesOn(name, enginesFor(engine));
    const able = abilities.find(({ found }) => isAble(found));
    if (!able || !isAble(able.found)) {
      const why = abilities.map((one) => `${one.engine}: ${isAble(one.found) ? '' : one.found.why}`).join('; ');
      throw new CaptureError('cannot capture', name, why);
    }
    output.write(`Data link types of interface ${printable(name)} (use option -y to set):\n`);
    for (const type of able.found) output.write(`  ${type.name}${type.about === '' ? '' : ` (${type.about})`}\n`);
  }
  await output.flush();
}

/** What the engines can do with an interface; what is known from another is not found out again. */
const abilitiesOf = ({ name, isUp }: SystemInterface, engines: readonly CaptureEngine[], known: readonly Ability[]) =>
  Promise.all(
    engines.map(async (engine): Promise<Ability> => {
      const before = known.findLast((one) => one.engine === engine.name && !isAble(one.found) && isForAll(one.found));
      if (before) return before;
      if (!isUp) return { engine: engine.name, found: { kind: 'failed', where: name, why: 'the interface is down' } };
      return { engine: engine.name, found: await engine.linkTypes(name) };
    }),
  );

/** Whether what stands against one interface stands against all. */
const isForAll = ({ kind }: Refusal): boolean => kind === 'missing' || kind === 'denied';

const abilitiesOn = (name: string, engines: readonly CaptureEngine[]): Promise<readonly Ability[]> =>
  Promise.all(engines.map(async (engine) => ({ engine: engine.name, found: await engine.linkTypes(name) })));

const isAble = (found: Ability['found']): found is readonly LinkType[] => Array.isArray(found);

const HEADS = ['No.', 'Name', 'State', 'Link types', 'Captured with', 'Addresses'] as const;

function rowOf(number: number, { name, isUp, addresses, mac }: SystemInterface, abilities: readonly Ability[]) {
  return [
    `${number}`,
    printable(name),
    isUp ? 'up' : 'down',
    linkTypesOf(abilities)
      .map((type) => type.name)
      .join(', '),
    abilities.flatMap(({ engine, found }) => (isAble(found) ? [engine] : [])).join(', ') || 'nothing',
    [...addresses, ...(mac === undefined ? [] : [mac])].join(' '),
  ];
}

const linkTypesOf = (abilities: readonly Ability[]): readonly LinkType[] =>
  abilities.map(({ found }) => found).find(isAble) ?? [];

function interfaceJson({ name, isUp, isLoopback, addresses, mac }: SystemInterface, abilities: readonly Ability[]) {
  return JSON.stringify({
    name,
    up: isUp,
    loopback: isLoopback,
    addresses,
    ...(mac !== undefined && { mac }),
    link_types: linkTypesOf(abilities).map((type) => type.name),
    engines: abilities.flatMap(({ engine, found }) => (isAble(found) ? [engine] : [])),
    refused: Object.fromEntries(
      abilities.flatMap(({ engine, found }) => (isAble(found) ? [] : [[engine, (found as Refusal).why]])),
    ),
  });
}

/** What is missing, where nothing can capture at all. */
function remarks(abilities: readonly Ability[]): readonly string[] {
  const refusals = abilities.flatMap(({ engine, found }) =>
    isAble(found) ? [] : [{ engine, found: found as Refusal }],
  );
  if (refusals.length < abilities.length) return [];
  const system = surroundings();
  const reasons = new Map(refusals.map(({ engine, found }) => [engine, found.why]));
  const isDenied = refusals.some(({ found }) => found.kind === 'denied');
  return [
    `nothing can capture here: ${[...reasons].map(([engine, why]) => `${engine}: ${why}`).join('; ')}`,
    ...(isDenied ? permissionHints(system) : installHints(system)),
    STILL_WORKS,
  ];
}
