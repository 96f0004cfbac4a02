import { crc32c, fold16, internetChecksum, sum16 } from '../../dissectors/wire/checksum.js';
import { addressSumAt, type Cover } from './covers.js';

/**
 * What becomes of checksums: `keep` makes each as right or as wrong as it was, `anew` makes all right whose bytes are all
 * in the frame, `none` leaves them alone.
 */
export type Repair = 'keep' | 'anew' | 'none';

/**
 * Repairs the checksums of a frame after a change of its bytes.
 * @param before the frame as it was dissected
 * @param after the same frame, changed, and of the same length
 * @param covers outermost first
 * @param given where checksums stand that were given as they are to be
 */
export function repairChecksums(
  before: DataView,
  after: DataView,
  covers: readonly Cover[],
  repair: Repair,
  given: ReadonlySet<number> = NONE,
): void {
  if (repair === 'none') return;
  // Innermost first: the checksum of a tunnel covers all that is in it.
  for (let place = covers.length - 1; place >= 0; place--) {
    const cover = covers[place] as Cover;
    if (given.has(cover.checksumAt)) continue;
    if (cover.kind === 'internet') repairInternet(before, after, cover, repair);
    else repairCrc(before, after, cover, repair);
  }
}

const NONE: ReadonlySet<number> = new Set();

function repairInternet(before: DataView, after: DataView, cover: Cover, repair: Repair): void {
  const { at, end, checksumAt, pseudo, zeroIsNone } = cover;
  const was = before.getUint16(checksumAt);
  // Over IPv6 there must be one.
  const isMissing = repair === 'anew' && cover.isWhole && pseudo?.layer.name === 'ipv6';
  if (was === 0 && zeroIsNone && !isMissing) return;
  const [old, now] = [sumOf(before, cover), sumOf(after, cover)];
  let checksum = was;
  if (repair === 'anew' && cover.isWhole) {
    const length = pseudo ? pseudo.protocol + (end - at) : 0;
    checksum = internetChecksum(now + length - after.getUint16(checksumAt));
    // Both zeros mean the same sum.
    if (checksum === (~was & 0xffff) && fold16(old) === fold16(now) && (was === 0 || was === 0xffff)) checksum = was;
  } else if (fold16(old) !== fold16(now)) {
    checksum = adjusted(was, old, now);
  }
  after.setUint16(checksumAt, checksum === 0 && zeroIsNone ? 0xffff : checksum);
}

const sumOf = (frame: DataView, { at, end, pseudo }: Cover): number =>
  sum16(frame, at, end) + (pseudo ? addressSumAt(frame, pseudo.layer) : 0);

/** A checksum of the Internet after what it covers has changed. Source: RFC 1624, "Equation 3". */
const adjusted = (checksum: number, before: number, after: number): number =>
  ~fold16((~checksum & 0xffff) + (~fold16(before) & 0xffff) + fold16(after)) & 0xffff;

/** A CRC cannot be adjusted: it is computed anew if it was right. */
function repairCrc(before: DataView, after: DataView, cover: Cover, repair: Repair): void {
  const { kind, at, end, checksumAt, wasGood, isWhole } = cover;
  if (!isWhole || (repair === 'keep' && !wasGood)) return;
  if (repair === 'keep' && isSame(before, after, at, end)) return;
  if (kind === 'channel') return after.setUint32(checksumAt, crc32c(after, at, end));
  after.setUint32(checksumAt, 0);
  // Least significant byte first. Source: RFC 9260, appendix A.
  after.setUint32(checksumAt, crc32c(after, at, end), true);
}

function isSame(one: DataView, other: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (one.getUint8(at) !== other.getUint8(at)) return false;
  return true;
}
