import type { Handshake } from '../../handshakes/handshake.js';
import type { Packet } from '../../print/packet.js';
import type { Channel } from '../../track/channel.js';
import { fillOrigin, newOrigin, type Origin } from './base.js';
import { addChannel, CHANNEL_COLUMNS } from './channels.js';
import type { ColumnSpec } from './column.js';
import { CommunityIds } from './community-id.js';
import { FINDING_COLUMNS, FindingRows } from './findings.js';
import { addHandshake, HANDSHAKE_COLUMNS } from './handshakes.js';
import { MESSAGE_COLUMNS, MessageRows } from './messages.js';
import { Origins } from './origins.js';
import type { TableOutput } from './output.js';
import { PacketRows, packetColumns } from './packets.js';
import type { TableName } from './table-names.js';

/** The columns of a table. @param more fields that the table of packets has besides */
export function columnsOf(table: TableName, more: readonly string[] = []): readonly ColumnSpec[] {
  switch (table) {
    case 'packets':
      return packetColumns(more);
    case 'messages':
      return MESSAGE_COLUMNS;
    case 'channels':
      return CHANNEL_COLUMNS;
    case 'handshakes':
      return HANDSHAKE_COLUMNS;
    case 'findings':
      return FINDING_COLUMNS;
  }
}

/** What the trackers know in the end. */
export interface Followed {
  readonly channels: ReadonlyMap<number, Channel>;
  readonly handshakes: ReadonlyMap<number, Handshake>;
}

/** Fills the tables of one capture. */
export class CaptureTables {
  readonly #file: string;
  readonly #outputs: ReadonlyMap<TableName, TableOutput>;
  readonly #all: readonly TableOutput[];
  readonly #flows: CommunityIds;
  readonly #followed: Followed;
  readonly #origin = newOrigin();
  /** What fills the tables that have rows of each packet. */
  readonly #rows: readonly (readonly [TableOutput, PacketRows | MessageRows | FindingRows])[];
  readonly #channels: Origins<Channel> | undefined;
  readonly #handshakes: Origins<Handshake> | undefined;

  /**
   * @param file the capture, as it was named
   * @param more fields that the table of packets has besides
   * @param seed any number that strangers do not know
   */
  constructor(
    file: string,
    outputs: ReadonlyMap<TableName, TableOutput>,
    followed: Followed,
    more: readonly string[],
    seed: number,
  ) {
    this.#file = file;
    this.#outputs = outputs;
    this.#all = [...outputs.values()];
    this.#followed = followed;
    this.#flows = new CommunityIds(seed);
    this.#rows = [...outputs].flatMap(([table, output]) => {
      const rows = rowsOf(table, more);
      return rows ? [[output, rows] as const] : [];
    });
    this.#channels = outputs.has('channels') ? new Origins(followed.channels) : undefined;
    this.#handshakes = outputs.has('handshakes') ? new Origins(followed.handshakes) : undefined;
  }

  /** Whether `flush` must come before the next packet. */
  get isFull(): boolean {
    for (const output of this.#all) if (output.isFull) return true;
    return false;
  }

  async flush(): Promise<void> {
    for (const output of this.#all) if (output.isFull) await output.flush();
  }

  /** No packet comes for now: whoever reads what is written has what there is. */
  async pause(): Promise<void> {
    for (const output of this.#all) await output.pause();
  }

  /** Takes the next packet. @param passes whether it is to be in the tables */
  take(packet: Packet, passes: boolean): void {
    const { facts, isTimed, seconds } = packet;
    const isFirst = this.#channels?.hasNew(facts.channels) || this.#handshakes?.hasNew(facts.handshakes);
    if (!passes && !isFirst) return;
    const origin = this.#origin;
    fillOrigin(origin, packet, this.#flows);
    this.#channels?.note(facts.channels, origin);
    this.#handshakes?.note(facts.handshakes, origin);
    if (!passes) return;
    this.#channels?.touch(facts.channels);
    this.#handshakes?.touch(facts.handshakes);
    const time = isTimed === false ? undefined : seconds;
    for (const [output, rows] of this.#rows) rows.take(packet, origin, this.#file, output.batchAt(time));
  }

  /** Writes what is known in the end. */
  async end(): Promise<void> {
    await this.#addAll('channels', this.#channels, this.#followed.channels, addChannel);
    await this.#addAll('handshakes', this.#handshakes, this.#followed.handshakes, addHandshake);
    for (const output of this.#all) await output.end();
  }

  async #addAll<Row extends { readonly number: number; readonly first: number }>(
    table: TableName,
    origins: Origins<Row> | undefined,
    all: ReadonlyMap<number, Row>,
    add: (row: Row, origin: Origin, file: string, batch: ReturnType<TableOutput['batchAt']>) => void,
  ): Promise<void> {
    const output = this.#outputs.get(table);
    if (!output || !origins) return;
    for (const row of all.values()) {
      const origin = origins.of(row);
      if (!origin) continue;
      add(row, origin, this.#file, output.batchAt(origin.isTimed ? origin.seconds : undefined));
      if (output.isFull) await output.flush();
    }
  }

  /** Takes away what is not complete. */
  async abandon(): Promise<void> {
    for (const output of this.#all) await output.abandon();
  }
}

function rowsOf(table: TableName, more: readonly string[]): PacketRows | MessageRows | FindingRows | undefined {
  switch (table) {
    case 'packets':
      return new PacketRows(packetColumns(more));
    case 'messages':
      return new MessageRows();
    case 'findings':
      return new FindingRows();
    default:
      return undefined;
  }
}
