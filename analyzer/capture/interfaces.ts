import { readdirSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** An interface of this machine. */
export interface SystemInterface {
  readonly name: string;
  readonly isUp: boolean;
  readonly isLoopback: boolean;
  /** Without the lengths of their prefixes. */
  readonly addresses: readonly string[];
  /** The hardware address, if it has one. */
  readonly mac?: string;
}

const FOLDER = '/sys/class/net';
const NO_MAC = '00:00:00:00:00:00';
/** Flags of an interface. Source: netdevice(7). */
const UP = 1;
const LOOPBACK = 8;

/** The interfaces of this machine, up or down; those that are up first, then by name. Needs no rights. */
export function systemInterfaces(): readonly SystemInterface[] {
  const withAddresses = networkInterfaces();
  const names = new Set([...namesInSystem(), ...Object.keys(withAddresses)]);
  const all = [...names].map((name) => {
    const infos = withAddresses[name] ?? [];
    const flags = numberIn(`${FOLDER}/${name}/flags`);
    const mac = textIn(`${FOLDER}/${name}/address`) ?? infos[0]?.mac;
    return {
      name,
      isUp: flags === undefined ? infos.length > 0 : (flags & UP) !== 0,
      isLoopback: flags === undefined ? infos.some(({ internal }) => internal) : (flags & LOOPBACK) !== 0,
      addresses: infos.map(({ address }) => address),
      ...(mac !== undefined && mac !== '' && mac !== NO_MAC && { mac }),
    };
  });
  all.sort((one, other) => Number(other.isUp) - Number(one.isUp) || (one.name < other.name ? -1 : 1));
  return process.platform === 'linux' ? [...all, ANY] : all;
}

/** Linux gives the packets of all interfaces as those of one. */
const ANY: SystemInterface = { name: 'any', isUp: true, isLoopback: false, addresses: [] };

function namesInSystem(): readonly string[] {
  try {
    return readdirSync(FOLDER).filter((name) => numberIn(`${FOLDER}/${name}/flags`) !== undefined);
  } catch {
    return [];
  }
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

function numberIn(path: string): number | undefined {
  const text = textIn(path);
  return text === undefined || !/^(0x)?[0-9a-f]+$/i.test(text) ? undefined : Number(text);
}

/** The interface that a number in the list stands for, unless one has that name. */
export function interfaceNamed(given: string, all: readonly SystemInterface[]): string {
  if (!/^\d+$/.test(given) || all.some(({ name }) => name === given)) return given;
  return all[Number(given) - 1]?.name ?? given;
}
