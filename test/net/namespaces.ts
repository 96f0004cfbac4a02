import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { RunningProgram } from '../running-program.js';

/**
 * Network namespaces for tests: small networks of their own, in which a test may capture, forge and flood without
 * disturbing the machine or another test. They need root and the program `ip`.
 *
 *     const network = makeNetwork(2);
 *     try {
 *       const [left, right] = network.join(0, 1);
 *       const listener = left.namespace.start(['node', 'dist/handshark.js', 'peer', 'listen', `${left.ipv4}:4242`]);
 *       …
 *     } finally {
 *       await network.remove();
 *     }
 */

/** No more namespaces than these in one network. */
const MOST_NAMESPACES = 4;
/** No call of `ip` takes longer, in milliseconds. */
const MOST_MS = 10_000;
/** Names say whose a namespace is, so that those of a dead test can be told: `handshark-test-PID-NUMBER`. */
const PREFIX = 'handshark-test-';
/** Where `ip` keeps the names. */
const NAMES = '/var/run/netns';

/** One end of a cable between two namespaces, or the loopback of one. */
export interface Interface {
  readonly namespace: Namespace;
  readonly name: string;
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
}

/** A network namespace. */
export class Namespace {
  readonly name: string;
  /** Goes before the words of a command to run it in here. */
  readonly inside: readonly string[];
  readonly #programs: RunningProgram[] = [];

  constructor(name: string) {
    this.name = name;
    this.inside = ['ip', 'netns', 'exec', name];
  }

  /** Starts a program in here. It is ended with the namespace at the latest. */
  start(command: readonly string[], input?: Uint8Array | string): RunningProgram {
    const program = new RunningProgram([...this.inside, ...command], input);
    this.#programs.push(program);
    return program;
  }

  /** What runs in here. */
  pids(): readonly number[] {
    return pidsIn(this.name);
  }

  /** Runs `ip` on the devices in here: `ip('link', 'set', 'lo', 'down')`. @throws what `ip` complains about */
  ip(...words: readonly string[]): string {
    return ip('-n', this.name, ...words);
  }

  /** Ends all that runs in here, then removes it. */
  async remove(): Promise<void> {
    await Promise.all(this.#programs.map((program) => program.stop('SIGKILL').catch(() => {})));
    removeNamespace(this.name);
  }
}

/** Some namespaces and the cables between them. */
export interface Network {
  readonly namespaces: readonly Namespace[];
  /**
   * Lays a cable between two namespaces; both ends are up and have addresses, cable 1 those of 10.77.1.0/24 and
   * fd77:1::/64, the first end host 1 and the second host 2.
   */
  join(one: number, other: number): readonly [Interface, Interface];
  /** Waits until all programs have ended. The cables go with their namespaces. */
  remove(): Promise<void>;
}

/** Why this machine cannot make namespaces; undefined if it can. */
export function namespacesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  try {
    ip('netns', 'list');
  } catch {
    return 'network namespaces need the program ip (iproute2)';
  }
  try {
    const probe = makeNamespace();
    removeNamespace(probe.name);
    return undefined;
  } catch (error) {
    return `network namespaces cannot be made here: ${reasonOf(error)}`;
  }
}

/** Makes some namespaces, each with its loopback up. */
export function makeNetwork(count: number): Network {
  if (count > MOST_NAMESPACES) throw new RangeError(`${count} namespaces: at most ${MOST_NAMESPACES}`);
  removeLeftOver();
  const namespaces: Namespace[] = [];
  const remove = async () => {
    for (const namespace of namespaces) await namespace.remove();
  };
  try {
    for (let made = 0; made < count; made++) namespaces.push(makeNamespace());
  } catch (error) {
    for (const { name } of namespaces) removeNamespace(name);
    throw error;
  }
  let cables = 0;
  const join = (one: number, other: number): readonly [Interface, Interface] => {
    const [near, far] = [namespaces[one], namespaces[other]];
    if (!near || !far || near === far) throw new RangeError(`no two namespaces: ${one}, ${other}`);
    const cable = ++cables;
    const names = [`cable${cable}a`, `cable${cable}b`] as const;
    ip('link', 'add', names[0], 'netns', near.name, 'type', 'veth', 'peer', 'name', names[1], 'netns', far.name);
    return [setUp(near, names[0], cable, 1), setUp(far, names[1], cable, 2)];
  };
  return { namespaces, join, remove };
}

function makeNamespace(): Namespace {
  let number = 0;
  while (existsSync(`${NAMES}/${PREFIX}${process.pid}-${number}`)) number += 1;
  const namespace = new Namespace(`${PREFIX}${process.pid}-${number}`);
  ip('netns', 'add', namespace.name);
  // No waiting for the answer of a neighbour that may have the same address, and no asking for routers.
  for (const setting of ['accept_dad', 'router_solicitations']) {
    const path = `/proc/sys/net/ipv6/conf/default/${setting}`;
    execute([...namespace.inside, 'sh', '-c', `test ! -e ${path} || echo 0 > ${path}`]);
  }
  namespace.ip('link', 'set', 'lo', 'up');
  return namespace;
}

/** Gives one end of a cable its addresses. */
function setUp(namespace: Namespace, name: string, cable: number, host: number): Interface {
  const [ipv4, ipv6] = [`10.77.${cable}.${host}`, `fd77:${cable}::${host}`];
  namespace.ip('address', 'add', `${ipv4}/24`, 'dev', name);
  namespace.ip('-6', 'address', 'add', `${ipv6}/64`, 'dev', name, 'nodad');
  namespace.ip('link', 'set', name, 'up');
  const mac = /link\/ether (\S+)/.exec(namespace.ip('link', 'show', 'dev', name))?.[1] ?? '';
  return { namespace, name, ipv4, ipv6, mac };
}

/** Packets that came in through an interface, as the system counts them. */
export const cameIn = ({ namespace, name }: Interface): number =>
  Number(execute([...namespace.inside, 'cat', `/sys/class/net/${name}/statistics/rx_packets`]));

/** Removes what tests left that did not live to do it. */
function removeLeftOver(): void {
  for (const name of existsSync(NAMES) ? readdirSync(NAMES) : []) {
    const owner = new RegExp(`^${PREFIX}(\\d+)-\\d+$`).exec(name)?.[1];
    if (owner !== undefined && !existsSync(`/proc/${owner}`)) removeNamespace(name);
  }
}

/** Removes a namespace and what still runs in it; nothing happens if it is gone already. */
function removeNamespace(name: string): void {
  if (!existsSync(`${NAMES}/${name}`)) return;
  try {
    for (const pid of pidsIn(name)) process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself, or another test removes the same leftover.
  }
  try {
    ip('netns', 'delete', name);
  } catch (error) {
    if (existsSync(`${NAMES}/${name}`)) throw error;
  }
}

const pidsIn = (name: string): readonly number[] => ip('netns', 'pids', name).split('\n').filter(Boolean).map(Number);

const ip = (...words: readonly string[]): string => execute(['ip', ...words]);

function execute([program = '', ...words]: readonly string[]): string {
  return execFileSync(program, words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: MOST_MS });
}

function reasonOf(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : String(error);
  return said.split('\n')[0] ?? '';
}
