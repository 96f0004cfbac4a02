import { randomBytes } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { Command } from 'commander';
import { afterEach, expect, test } from 'vitest';
import { checkCommand } from '../../../crafter/commands/check.js';
import { monotonic } from '../../../crafter/io/clock.js';
import { PeerHost } from '../../../crafter/io/peer-host.js';
import { listenUdp, type UdpPort } from '../../../crafter/io/udp-port.js';
import { Peer } from '../../../crafter/peer/peer.js';
import { peerId } from '../../../crafter/peer-id.js';

let stop = async (): Promise<void> => {};
afterEach(() => stop());

/** A responder on loopback that dies of the first packet with some bytes in it. */
async function mortal(poison: string): Promise<number> {
  let isAlive = true;
  const port: UdpPort = await listenUdp(
    { host: '127.0.0.1', port: 0 },
    {
      onPacket: (bytes, from) => {
        if (Buffer.from(bytes).includes(poison)) isAlive = false;
        if (isAlive) host.receive(bytes, from);
      },
      onProblem: () => {},
    },
  );
  const peer = new Peer({ id: peerId('listener'), random: randomBytes, now: monotonic() });
  const host: PeerHost = new PeerHost(peer, port, () => {});
  stop = async () => {
    host.close();
    await port.close();
  };
  return port.local.port;
}

test('a peer that dies is named with the test that killed it, and no other test is played', async () => {
  const port = await mortal('three');
  const stdout = new PassThrough({ highWaterMark: 1 << 20 });
  const said: string[] = [];
  const program = new Command('handshark').exitOverride();
  checkCommand(program, {
    stdout,
    stderr: new PassThrough(),
    complain: (problem) => said.push(problem.replace(/127\.0\.0\.1:\d+/, 'PLACE')),
    interrupted: () => new AbortController().signal,
  });
  const only = ['new-answered', 'data-acknowledged', 'data-gap', 'data-repeated'].flatMap((name) => ['--only', name]);
  await program.parseAsync(['node', 'handshark', 'check', `127.0.0.1:${port}`, '--timeout', '1', ...only]);
  const printed = String(stdout.read());
  expect(printed.match(/^(ok|FAIL|skip) +\S+/gm)?.map((line) => line.replace(/ +/, ' '))).toEqual([
    'ok new-answered',
    'ok data-acknowledged',
    'FAIL data-gap',
    'skip data-repeated',
  ]);
  expect(printed).toContain('      The peer has not answered any more since\n');
  expect(printed).toContain('(no answer any more since data-gap)');
  expect(said).toEqual(['check: PLACE: no answer any more since data-gap']);
});
