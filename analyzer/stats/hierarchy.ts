import type { ChannelPacket } from '../../dissectors/channel/dissect.js';
import { linkTypeText } from '../../dissectors/link-types.js';
import type { Packet } from '../print/packet.js';
import type { Cell, Column, Sheet } from './sheet.js';

interface Node {
  frames: number;
  bytes: number;
  readonly children: Map<string, Node>;
  /** The packet counted last: a frame counts once, however often it has the layer. */
  last: number;
}

const newNode = (): Node => ({ frames: 0, bytes: 0, children: new Map(), last: 0 });

const LINK_TYPE = 'link type ';

const linkTypeNode = (linkType: number): string => `${LINK_TYPE}${linkTypeText(linkType)}`;

/** The number of the link type that a chain begins with, where none of its layers was dissected. */
export const linkTypeOfNode = (name: string): number | undefined =>
  name.startsWith(LINK_TYPE) ? Number.parseInt(name.slice(LINK_TYPE.length), 10) : undefined;

/** Chains of layers that are kept: hostile packets nest in ever new ways. */
const MOST_NODES = 4096;

/**
 * Which layers lie in which, with their frames and bytes: tshark's `-z io,phs`. Beneath channel packets stand their
 * dialects, and beneath these the types of their messages.
 */
export class Hierarchy {
  private readonly root = newNode();
  private readonly most: number;
  private nodes = 0;
  private left = 0;

  constructor(most = MOST_NODES) {
    this.most = most;
  }

  /** Counts the next packet. */
  take({ dissection, number, wire }: Packet): void {
    let place: Node | undefined = this.root;
    for (const { name, quoted, facts } of dissection.layers) {
      // What an error message quotes was not sent here.
      if (quoted || !place) break;
      // A link type that is not dissected is named above its data.
      if (facts?.type === 'link') place = this.count(place, linkTypeNode(facts.linkType), number, wire);
      if (!place) break;
      const inner: Node | undefined = this.count(place, name, number, wire);
      if (inner && facts?.type === 'channel') this.takeChannel(inner, facts.packet, number, wire);
      // Several channel packets of one frame stand beside each other.
      if (name !== 'chan' && name !== 'data') place = inner;
    }
  }

  private takeChannel(node: Node, { dialect, messages }: ChannelPacket, number: number, wire: number): void {
    const inner = this.count(node, dialect.name, number, wire);
    if (!inner) return;
    for (const { kind } of messages) this.count(inner, kind?.name ?? 'unknown', number, wire);
  }

  /** Counts a frame below a node; undefined where there is no room for another. */
  private count(above: Node, name: string, number: number, wire: number): Node | undefined {
    let node = above.children.get(name);
    if (!node) {
      if (this.nodes >= this.most) {
        this.left++;
        return undefined;
      }
      this.nodes++;
      node = newNode();
      above.children.set(name, node);
    }
    if (node.last === number) return node;
    node.last = number;
    node.frames++;
    node.bytes += wire;
    return node;
  }

  sheets(): readonly Sheet[] {
    const rows: (readonly Cell[])[] = [];
    const walk = ({ children }: Node, path: string, depth: number): void => {
      for (const [name, node] of children) {
        const whole = path === '' ? name : `${path}:${name}`;
        rows.push([`${'  '.repeat(depth)}${name}`, whole, name, depth, node.frames, node.bytes]);
        walk(node, whole, depth + 1);
      }
    };
    walk(this.root, '', 0);
    const notes =
      this.left === 0 ? [] : [`more than ${this.most} chains of layers: ${this.left} times one was left out`];
    return [{ title: 'Protocol hierarchy', columns: COLUMNS, rows, notes }];
  }
}

const COLUMNS: readonly Column[] = [
  { key: '', head: 'Layer' }, // indented, for text only
  { key: 'path', head: '', inTitle: true },
  { key: 'layer', head: '', inTitle: true },
  { key: 'depth', head: '', inTitle: true },
  { key: 'frames', head: 'Frames' },
  { key: 'bytes', head: 'Bytes' },
];
