import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const SERVER = '/usr/sbin/clickhouse-server';

/** Why there is no ClickHouse to test with; undefined where there is one. */
export const noClickHouse =
  existsSync(SERVER) && existsSync('/usr/bin/clickhouse-client')
    ? undefined
    : 'clickhouse-server and clickhouse-client are not installed';

/** A server that listens on loopback only. */
export interface Shard {
  readonly port: number;
  /** Runs a statement, with rows to insert if it takes some. @throws what the server says against it */
  query(statement: string, rows?: string): Promise<string>;
}

interface Ports {
  readonly http: number;
  readonly tcp: number;
}

/** Two servers, each a shard of the cluster `probes`. */
export class Cluster {
  readonly shards: readonly Shard[];
  readonly #children: readonly ChildProcess[];

  private constructor(shards: readonly Shard[], children: readonly ChildProcess[]) {
    this.shards = shards;
    this.#children = children;
  }

  static async start(folder: string): Promise<Cluster> {
    const free = await freePorts(4);
    const ports = [0, 2].map((at): Ports => ({ http: free[at] ?? 0, tcp: free[at + 1] ?? 0 }));
    const children = ports.map((own, place) => {
      const home = join(folder, `shard${place}`);
      mkdirSync(home, { recursive: true });
      writeFileSync(join(home, 'users.xml'), USERS);
      writeFileSync(join(home, 'config.xml'), configOf(home, own, ports));
      return spawn(SERVER, [`--config-file=${join(home, 'config.xml')}`], { stdio: 'ignore' });
    });
    const cluster = new Cluster(ports.map(shardAt), children);
    for (const [place, { http }] of ports.entries()) await awake(http, children[place]);
    return cluster;
  }

  async stop(): Promise<void> {
    for (const child of this.#children) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    }
  }
}

const shardAt = ({ http, tcp }: Ports): Shard => ({
  port: tcp,
  async query(statement, rows) {
    const settings = 'input_format_skip_unknown_fields=1&output_format_json_quote_64bit_integers=0';
    const answer = await fetch(`http://127.0.0.1:${http}/?${settings}&query=${encodeURIComponent(statement)}`, {
      method: 'POST',
      body: rows ?? '',
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${statement}: ${text}`);
    return text;
  },
});

/** Waits until a server answers. */
async function awake(http: number, child: ChildProcess | undefined): Promise<void> {
  while (child?.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${http}/ping`).catch(() => undefined);
    if (answer?.ok) return;
    await delay(100);
  }
  throw new Error(`ClickHouse ended with ${child?.exitCode}`);
}

/** Ports of loopback that nobody listens on. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  const ports: number[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, 'listening');
    const address = server.address();
    if (address !== null && typeof address === 'object') ports.push(address.port);
    server.close();
    await once(server, 'close');
  }
  return ports;
}

const shardXml = ({ tcp }: Ports): string =>
  `<shard><replica><host>127.0.0.1</host><port>${tcp}</port></replica></shard>`;

const configOf = (home: string, { http, tcp }: Ports, all: readonly Ports[]): string => `<yandex>
<logger><level>error</level><log>${home}/log</log><errorlog>${home}/errors</errorlog></logger>
<http_port>${http}</http_port><tcp_port>${tcp}</tcp_port><listen_host>127.0.0.1</listen_host>
<path>${home}/</path><tmp_path>${home}/tmp/</tmp_path>
<users_config>users.xml</users_config><default_profile>default</default_profile>
<default_database>default</default_database><mark_cache_size>1048576</mark_cache_size>
<remote_servers><probes>${all.map(shardXml).join('')}</probes></remote_servers>
</yandex>`;

const USERS = `<yandex>
<profiles><default/></profiles>
<users><default><password></password><networks><ip>127.0.0.1</ip></networks>
<profile>default</profile><quota>default</quota></default></users>
<quotas><default/></quotas>
</yandex>`;
