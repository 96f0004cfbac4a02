/**
 * What a value is, as far as filters tell kinds apart. `layer` is a whole layer, as its bytes; `slice` is bytes cut out
 * of something; `heading` is a group of the tree, which has presence but no value.
 */
export type Kind =
  | 'uint'
  | 'uint64'
  | 'id'
  | 'bool'
  | 'ipv4'
  | 'ipv6'
  | 'ether'
  | 'bytes'
  | 'string'
  | 'time'
  | 'duration'
  | 'layer'
  | 'slice'
  | 'heading';

export interface Type {
  readonly kind: Kind;
  /** The bytes that a number may have; 0 where that means nothing. */
  readonly size: number;
  /** Whether this project named the field: its literals may be written more freely than Wireshark's. */
  readonly own: boolean;
  /** The number that a name stands for, where values have names; names are compared in lower case. */
  readonly named?: (name: string) => number | undefined;
  /** The names of all values, where they are known: any other is a mistake. */
  readonly values?: readonly string[];
  /** The texts in their order, where it is not that of the alphabet. */
  readonly order?: readonly string[];
}

/**
 * A value: a number (uint, id, bool as 0 or 1, ipv4; a bigint of uint64), a text, bytes (bytes, ether, ipv6, layer,
 * slice), or nanoseconds (time, duration).
 */
export type Value = number | bigint | string | Uint8Array;

/** What messages call a kind. */
export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  uint: 'unsigned number',
  uint64: 'unsigned number of 64 bits',
  id: 'id',
  bool: 'truth',
  ipv4: 'IPv4 address',
  ipv6: 'IPv6 address',
  ether: 'Ethernet address',
  bytes: 'sequence of bytes',
  string: 'text',
  time: 'time',
  duration: 'duration',
  layer: 'layer',
  slice: 'slice',
  heading: 'heading',
};

/** A type that no field has: what functions and slices return. */
export const plain = (kind: Kind, size = 0): Type => ({ kind, size, own: false });

const BYTES: ReadonlySet<Kind> = new Set(['bytes', 'ether', 'slice', 'layer']);
const SLICED: ReadonlySet<Kind> = new Set(['bytes', 'ether', 'string', 'layer', 'slice', 'ipv4', 'ipv6', 'id']);

/** Whether values are bytes already. */
export const isBytes = ({ kind }: Type): boolean => BYTES.has(kind);

/** Whether values can be cut into bytes. */
export const canSlice = ({ kind }: Type): boolean => SLICED.has(kind);

/** Whether `contains` and `matches` can look into values. */
export const canSearch = (type: Type): boolean => isBytes(type) || type.kind === 'string';

/** Whether values can be masked with `&`. */
export const canMask = ({ kind }: Type): boolean =>
  kind === 'uint' ||
  kind === 'id' ||
  kind === 'ipv4' ||
  kind === 'ipv6' ||
  kind === 'ether' ||
  kind === 'bytes' ||
  kind === 'slice';

/** Whether values can be used with an arithmetic operator. */
export const canCompute = ({ kind }: Type, operator: string): boolean =>
  kind === 'uint' || (kind === 'duration' && (operator === '+' || operator === '-'));

/** Whether the values of a field can be compared with those of another. */
export function canCompare(left: Type, right: Type): boolean {
  if (left.kind === 'slice') return canSlice(right);
  if (right.kind === 'slice') return canSlice(left);
  switch (left.kind) {
    case 'uint':
      return right.kind === 'uint' || right.kind === 'bool' || (right.kind === 'id' && left.own);
    case 'id':
      return right.kind === 'id' || (right.kind === 'uint' && right.own);
    case 'bytes':
    case 'ether':
      return right.kind === 'bytes' || right.kind === 'ether';
    case 'heading':
      return false;
    default:
      return left.kind === right.kind;
  }
}
