/** When a capture is to end, and when its next file is due, as on the command line. */
export interface Conditions {
  readonly count?: number;
  readonly duration?: number;
  readonly files?: number;
  readonly ring?: {
    readonly packets?: number;
    readonly bytes?: number;
    readonly duration?: number;
    readonly interval?: number;
    readonly files?: number;
  };
  /** Without a ring. */
  readonly bytes?: number;
}

/** A packet, in the order of capturing. Its time is in seconds since 1970, its size what it takes in a file, in bytes. */
export interface ModelPacket {
  readonly number: number;
  readonly time: number;
  readonly size: number;
}

const NEVER = Number.POSITIVE_INFINITY;

/**
 * Which packets dumpcap writes to which file: it begins the next file as soon as one is due, and tries its conditions in
 * this order. Files may be empty; none is removed.
 * Source: dumpcap.c of Wireshark 4.0, `capture_loop_start` and `capture_loop_wrote_one_packet`.
 *
 * @param start in seconds since 1970
 * @param head bytes with which each file begins
 */
export function filesOfDumpcap(
  packets: readonly ModelPacket[],
  { count = NEVER, duration = NEVER, files: most = NEVER, bytes: mostBytes = NEVER, ring }: Conditions,
  start: number,
  head: number,
): readonly (readonly number[])[] {
  const files: number[][] = [[]];
  let [bytes, begun, captured] = [head, start, 0];
  /** @returns whether there is a next file */
  const next = (time: number): boolean => {
    if (!ring || files.length >= most) return false;
    files.push([]);
    [bytes, begun] = [head, time];
    return true;
  };
  const due = () => Math.min(begun + (ring?.duration ?? NEVER), multipleAfter(begun, ring?.interval));
  for (const { number, time, size } of packets) {
    for (; due() <= time && due() < start + duration; ) if (!next(due())) return files;
    if (time >= start + duration) return files;
    files.at(-1)?.push(number);
    bytes += size;
    captured += 1;
    if (captured >= count) return files;
    const isFull = (files.at(-1)?.length ?? 0) >= (ring?.packets ?? NEVER) || bytes >= (ring?.bytes ?? mostBytes);
    if (isFull && !next(time)) return files;
  }
  return files;
}

const multipleAfter = (time: number, interval = NEVER): number =>
  interval === NEVER ? NEVER : (Math.floor(time / interval) + 1) * interval;

/** What is left of those, if each file but the first begins with its first packet: dumpcap's, but for empty ones. */
export const keptOf = (files: readonly (readonly number[])[], most = NEVER): readonly (readonly number[])[] =>
  files.filter((file, index) => index === 0 || file.length > 0).slice(-Math.min(most, files.length));
