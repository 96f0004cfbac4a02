import { randomInt } from 'node:crypto';
import {
  type Endpoint,
  endpointExpected,
  endpointText,
  ownEndpointFrom,
  remoteEndpointFrom,
} from '../../crafter/endpoint.js';
import { codeReason, isRefusal, systemReason } from '../../crafter/io/system-reason.js';
import { resolve } from '../../crafter/io/udp-port.js';
import { UdpRelay } from '../../crafter/io/udp-relay.js';
import { fateText, type RelayAction, type RelayRule, RelayRules } from '../../crafter/link/relay-rules.js';
import { type FieldChange, fieldChange } from '../../crafter/rewrite/field-change.js';
import { seeded } from '../../crafter/seeded.js';
import { compileFilter } from '../filter/compile.js';
import type { Packet } from '../print/packet.js';
import type { Io } from './io.js';
import type { ProxyOptions, RuleWords } from './proxy-options.js';
import { Passage } from './proxy-passage.js';
import { ProxyView } from './proxy-view.js';
import { UsageError } from './usage-error.js';

/** How long a packet is delayed unless the rule says, in milliseconds. */
const USUAL_DELAY = 200;

/** `handshark proxy`: stands between peers until it is interrupted, or has had as many packets as were asked for. */
export async function proxy(
  listen: string,
  target: string,
  options: ProxyOptions,
  words: readonly RuleWords[],
  io: Io,
): Promise<void> {
  const rules = new RelayRules(words.map((rule) => ruleOf(rule)));
  const [local, remote] = [known(ownEndpointFrom(listen), listen), known(remoteEndpointFrom(target), target)];
  const to = await attempt(io, target, () => resolve(remote));
  if (!to) return;
  const view = await attempt(io, options.write ?? '', async () => new ProxyView(options, io));
  if (!view) return;
  const told = new Set<string>();
  const signal = io.interrupted();
  let finish = (): void => {};
  const over = new Promise<void>((done) => {
    finish = done;
  });
  const chance = seeded(options.seed ?? randomInt(2 ** 32));
  const passage = new Passage((bytes, flow, way) => relay?.forward(bytes, flow, way));
  let count = 0;
  const relay = await attempt(io, listen, () =>
    UdpRelay.open(local, to, {
      onDatagram: (bytes, flow, way) => {
        if (count >= (options.count ?? Number.POSITIVE_INFINITY)) return;
        count += 1;
        const packet = view.take(bytes, flow.client, to, way);
        const fate = rules.fate(packet);
        const isLost = options.loss > 0 && chance.chance(options.loss);
        const final = isLost ? { ...fate, isDropped: true } : fate;
        view.show(packet, fateText(final, textOf));
        passage.take(packet, bytes, flow, way, final);
        if (count === options.count) finish();
      },
      onProblem: (code) => {
        if (!told.has(code)) io.remark(`proxy: ${target}: ${codeReason(code)}`);
        told.add(code);
      },
    }),
  );
  if (!relay) return view.abandon();
  if (options.write !== undefined && options.write !== '-') io.outlast?.();
  io.remark(`relaying between ${endpointText(relay.local)} and ${endpointText(to)}`);
  signal.addEventListener('abort', finish, { once: true });
  if (signal.aborted) finish();
  await over;
  signal.removeEventListener('abort', finish);
  passage.flush();
  await relay.close();
  await view.end({ lost: relay.lost, held: passage.refused, applied: rules.applied, words });
}

const textOf = ({ path, operator, text }: FieldChange): string => `${path}${operator}${text}`;

/** @throws {UsageError} if the text names no endpoint */
function known(endpoint: Endpoint | undefined, text: string): Endpoint {
  if (!endpoint) throw new UsageError(`proxy: bad address: ${text}: ${endpointExpected(text)}`);
  return endpoint;
}

/** Does something; what the system refuses is told in one line. */
async function attempt<T>(io: Io, where: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    io.complain(`proxy: ${where}: ${systemReason(error)}`, 1);
    return undefined;
  }
}

/** @throws {UsageError | FilterError} if the rule cannot be understood */
function ruleOf({ kind, text, where, times, skip = 0, by }: RuleWords): RelayRule<Packet, FieldChange> {
  if (by !== undefined && kind !== 'delay') throw new UsageError(`proxy: --by: goes with --delay, not with --${kind}`);
  const [filter, more] = kind === 'set' ? [where, undefined] : [text, where];
  const filters = [filter, more].flatMap((one) => (one === undefined ? [] : [compileFilter(one)]));
  return {
    action: actionOf(kind, text, by),
    passes: (packet) => filters.every((passes) => passes(packet)),
    times: times ?? Number.POSITIVE_INFINITY,
    skip,
  };
}

function actionOf(kind: RuleWords['kind'], text: string, by = USUAL_DELAY): RelayAction<FieldChange> {
  if (kind === 'delay') return { kind, by };
  if (kind !== 'set') return { kind };
  try {
    return { kind, change: fieldChange(text) };
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(`proxy: --set: ${error.message}`);
    throw error;
  }
}
