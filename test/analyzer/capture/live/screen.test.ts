import { afterEach, expect, test } from 'vitest';
import { handshark } from '../../../built-program.js';
import { makeNetwork, type Network, namespacesMissing } from '../../../net/namespaces.js';
import { PtySession } from '../../ui/pty.js';
import { has } from '../files.js';
import { sending } from './capturing.js';

const missing = namespacesMissing() ?? (has('dumpcap') ? undefined : 'dumpcap is not installed');
let network: Network | undefined;
let session: PtySession | undefined;
afterEach(async () => {
  session?.kill();
  await network?.remove();
});

test('live traffic is on the screen as it comes, and q ends the capture, once it has told of packets that are not saved', async ({
  skip,
}) => {
  if (missing) skip(missing);
  network = makeNetwork(2);
  const [near, far] = network.join(0, 1);
  const [program = '', ...words] = [...near.namespace.inside, ...handshark('-i', near.name, '-f', 'udp port 4545')];
  session = new PtySession(program, words, 100, 30);
  await session.untilShown(near.name);
  await sending(near, far, 3);
  await session.untilShown(`${near.ipv4}`);
  await session.untilShown('of 3');
  await sending(near, far, 40);
  await session.untilShown('of 43');
  await session.untilShown('received');
  session.send('q');
  await session.untilShown('43 packets are not saved: q again to quit, w to save');
  session.send('q');
  await session.untilExit();
  expect(session.exit?.exitCode).toBe(0);
}, 60_000);
