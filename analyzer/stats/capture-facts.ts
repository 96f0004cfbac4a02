import { clockTime } from '../print/time.js';
import type { Cell, Sheet } from './sheet.js';

/** When something was captured. */
interface Moment {
  readonly seconds: number;
  readonly nanos: number;
}

/** What is known of a capture as a whole. */
export interface CaptureFacts {
  readonly path: string;
  /** Bytes of the file; undefined for what is none. */
  readonly size: number | undefined;
  readonly packets: number;
  /** Packets that were forgotten to stay within bounds. */
  readonly forgotten: number;
  /** Bytes of the packets as they were sent, and as far as they were captured. */
  readonly wire: number;
  readonly captured: number;
  readonly cut: number;
  readonly begun: Moment | undefined;
  readonly ended: Moment | undefined;
  /** Whether a packet is stamped earlier than one before it. */
  readonly isOrdered: boolean;
  readonly interfaces: readonly { readonly name: string; readonly linkType: string; readonly packets: number }[];
  readonly comments: number;
  readonly secrets: number;
}

/** What `capinfos` tells of a capture, as tables. */
export function captureFactSheets(facts: CaptureFacts): readonly Sheet[] {
  const { begun, ended, packets, wire, captured } = facts;
  const seconds = begun && ended ? ended.seconds - begun.seconds + (ended.nanos - begun.nanos) / 1e9 : 0;
  const rows: readonly (readonly [string, Cell])[] = [
    ['File', facts.path],
    ['File size in bytes', facts.size],
    ['Packets', packets],
    ['Packets forgotten', facts.forgotten === 0 ? undefined : facts.forgotten],
    ['Packets cut by the capture', facts.cut],
    ['Bytes sent', wire],
    ['Bytes captured', captured],
    ['First packet (UTC)', begun && timeText(begun)],
    ['Last packet (UTC)', ended && timeText(ended)],
    ['Duration in seconds', begun && seconds.toFixed(6)],
    ['Packets per second', seconds > 0 ? (packets / seconds).toFixed(1) : undefined],
    ['Bits per second', seconds > 0 ? Math.round((8 * wire) / seconds) : undefined],
    ['Bytes per packet', packets > 0 ? (wire / packets).toFixed(1) : undefined],
    ['In order of time', begun && (facts.isOrdered ? 'yes' : 'no')],
    ['Comments', facts.comments],
    ['Secrets', facts.secrets],
  ];
  const told = rows.filter(([, value]) => value !== undefined);
  return [
    {
      title: 'Properties of the capture',
      columns: [
        { key: 'property', head: 'Property' },
        { key: 'value', head: 'Value' },
      ],
      rows: told,
      notes: [],
    },
    {
      title: 'Interfaces',
      columns: [
        { key: 'interface', head: 'Interface' },
        { key: 'link_type', head: 'Link type' },
        { key: 'on_it', head: 'Packets' },
      ],
      rows: facts.interfaces.map(({ name, linkType, packets: count }) => [name, linkType, count]),
      notes: [],
    },
  ];
}

const timeText = ({ seconds, nanos }: Moment): string =>
  `${new Date(seconds * 1000).toISOString().slice(0, 10)} ${clockTime(seconds, nanos)}`;
