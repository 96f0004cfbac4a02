import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { RunningProgram, textOf } from '../running-program.js';
import { makeNetwork, type Network, namespacesMissing } from './namespaces.js';

const missing = namespacesMissing();
let network: Network | undefined;
afterEach(async () => {
  await network?.remove();
  network = undefined;
});

const made = (count: number): Network => {
  network = makeNetwork(count);
  return network;
};
const exists = (name: string): boolean => existsSync(`/var/run/netns/${name}`);

/** Sends a datagram and prints what comes back; run in a namespace. */
const asks = (family: string, port: number, host: string) =>
  `const s = require('dgram').createSocket('${family}');
   s.on('message', (m) => { console.log(String(m)); s.close(); });
   s.send('hello', ${port}, '${host}');`;
/** Answers one datagram with where it came from. */
const answers = (family: string, port: number, host: string) =>
  `const s = require('dgram').createSocket('${family}');
   s.on('message', (m, from) => s.send(m + ' ' + from.address, from.port, from.address, () => s.close()));
   s.bind(${port}, '${host}', () => console.error('ready'));`;

test.for([
  ['udp4', 'ipv4'],
  ['udp6', 'ipv6'],
] as const)('two namespaces talk over a cable at once, %s', async ([family, address], { skip }) => {
  if (missing) skip(missing);
  const [near, far] = made(2).join(0, 1);
  const answering = far.namespace.start(['node', '-e', answers(family, 4242, far[address])]);
  await answering.said(/ready/);
  const asked = await near.namespace.start(['node', '-e', asks(family, 4242, far[address])], '').ended();
  expect(textOf(asked)).toBe(`hello ${near[address]}\n`);
  expect(await answering.ended()).toMatchObject({ status: 0 });
});

test('a namespace is cut off from the machine and has its loopback', async ({ skip }) => {
  if (missing) skip(missing);
  const [namespace] = made(1).namespaces;
  const listed = await namespace?.start(['ip', '-o', 'link'], '').ended();
  expect(listed && textOf(listed)).toMatch(/^1: lo: <LOOPBACK,UP[^\n]*\n$/);
});

test('a cable can be set down and taken away', ({ skip }) => {
  if (missing) skip(missing);
  const [near, far] = made(2).join(0, 1);
  const state = () => far.namespace.ip('link', 'show', 'dev', far.name);
  expect(state()).toContain(`link/ether ${far.mac} `);
  expect(state()).toContain('LOWER_UP');
  near.namespace.ip('link', 'set', near.name, 'down');
  expect(state()).not.toContain('LOWER_UP');
  near.namespace.ip('link', 'delete', near.name);
  expect(state).toThrow(/does not exist/);
});

test('what is removed is gone, with all that ran in it', async ({ skip }) => {
  if (missing) skip(missing);
  const { namespaces, join, remove } = made(2);
  join(0, 1);
  const sleeper = namespaces[0]?.start(['sleep', '60']);
  await remove();
  expect(namespaces.map(({ name }) => exists(name))).toEqual([false, false]);
  expect(sleeper?.child.signalCode).toBe('SIGKILL');
  await remove();
});

test('what a dead test left is removed, what a living one has is not', async ({ skip }) => {
  if (missing) skip(missing);
  const dead = spawn('true');
  await once(dead, 'close');
  const [left, living] = [`handshark-test-${dead.pid}-0`, `handshark-test-${process.ppid}-99`];
  for (const name of [left, living]) await new RunningProgram(['ip', 'netns', 'add', name], '').ended();
  const sleeper = new RunningProgram(['ip', 'netns', 'exec', left, 'sleep', '60'], '');
  try {
    const has = async () => (await inside(left)).includes(String(sleeper.child.pid));
    for (let looks = 0; looks < 5000 && !(await has()); looks++) await new Promise(setImmediate);
    made(1);
    expect([exists(left), exists(living)]).toEqual([false, true]);
    await sleeper.ended();
    expect(sleeper.child.signalCode).toBe('SIGKILL');
  } finally {
    await sleeper.stop('SIGKILL');
    for (const name of [left, living]) await new RunningProgram(['ip', 'netns', 'delete', name], '').ended();
  }
});

const inside = async (name: string) => textOf(await new RunningProgram(['ip', 'netns', 'pids', name], '').ended());

test('a network is small', ({ skip }) => {
  if (missing) skip(missing);
  expect(() => makeNetwork(5)).toThrow('5 namespaces: at most 4');
  const { join } = made(1);
  expect(() => join(0, 0)).toThrow('no two namespaces: 0, 0');
});
