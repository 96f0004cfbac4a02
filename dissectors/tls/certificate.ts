/** DER tags. Source: ITU-T X.690. */
const SEQUENCE = 0x30;
const EXPLICIT_VERSION = 0xa0;
/** The object identifier 2.5.4.3, common name, with its tag and length. */
const COMMON_NAME = [0x06, 0x03, 0x55, 0x04, 0x03];
/** The longest name that is read. Source: RFC 5280, appendix A.1 `ub-common-name`. */
const MOST_NAME = 64;

interface Element {
  readonly tag: number;
  /** Where its contents are. */
  readonly at: number;
  readonly end: number;
}

/** The DER element at `at`, if it is whole before `end`. */
function elementAt(view: DataView, at: number, end: number): Element | undefined {
  if (at + 2 > end) return undefined;
  const tag = view.getUint8(at);
  const first = view.getUint8(at + 1);
  const sizes = first < 0x80 ? 0 : first & 0x7f;
  if (sizes > 3 || at + 2 + sizes > end) return undefined;
  let length = sizes === 0 ? first : 0;
  for (let place = 0; place < sizes; place++) length = length * 256 + view.getUint8(at + 2 + place);
  const start = at + 2 + sizes;
  return start + length <= end ? { tag, at: start, end: start + length } : undefined;
}

/**
 * The common name of the subject of the X.509 certificate `[at, end)`, if it has one: the first of them.
 * Source: RFC 5280, section 4.1.
 */
export function subjectOf(view: DataView, at: number, end: number): string | undefined {
  const certificate = elementAt(view, at, Math.min(end, view.byteLength));
  const signed = certificate && elementAt(view, certificate.at, certificate.end);
  if (signed?.tag !== SEQUENCE) return undefined;
  let next = elementAt(view, signed.at, signed.end);
  if (next?.tag === EXPLICIT_VERSION) next = elementAt(view, next.end, signed.end);
  // Serial number, signature algorithm, issuer and validity stand before the subject.
  for (let skipped = 0; skipped < 4 && next; skipped++) next = elementAt(view, next.end, signed.end);
  return next?.tag === SEQUENCE ? commonName(view, next.at, next.end) : undefined;
}

function commonName(view: DataView, start: number, end: number): string | undefined {
  for (let at = start; at + COMMON_NAME.length <= end; at++) {
    if (!COMMON_NAME.every((byte, place) => view.getUint8(at + place) === byte)) continue;
    const value = elementAt(view, at + COMMON_NAME.length, end);
    if (!value) return undefined;
    let text = '';
    for (let place = value.at; place < Math.min(value.end, value.at + MOST_NAME); place++)
      text += String.fromCharCode(view.getUint8(place));
    return text;
  }
  return undefined;
}
