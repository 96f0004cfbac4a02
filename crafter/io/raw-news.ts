/** What the process that sends raw frames tells, an object a line. */
export type RawNews =
  | { readonly type: 'open'; readonly linkType: string }
  /** The library cannot be loaded. */
  | { readonly type: 'missing'; readonly why: string }
  /** The interface cannot be opened. */
  | { readonly type: 'refused'; readonly why: string }
  /** Frames so far, and the first problem. */
  | { readonly type: 'sent'; readonly sent: number; readonly failed: number; readonly problem?: string };

/** Link types by the names that the library gives them. Source: the library's binding. */
const NAMES: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  RAW: 101,
  LINKTYPE_LINUX_SLL: 113,
  IEEE802_11_RADIO: 127,
};

/** The number of a link type that the library names, or tells as unknown with its number; −1 for anything else. */
export const linkTypeNamed = (name: string): number =>
  NAMES[name] ?? Number(/^Unknown linktype (\d+)$/.exec(name)?.[1] ?? -1);

/** Link types in words, for those who read what does not fit. */
export const linkTypeWords = (linkType: number): string => {
  const words: Readonly<Record<number, string>> = {
    0: 'BSD loopback',
    1: 'Ethernet',
    101: 'raw IP',
    108: 'OpenBSD loopback',
    113: 'Linux cooked',
    127: '802.11 with radiotap',
    147: 'bare packets (USER0)',
    276: 'Linux cooked v2',
  };
  return words[linkType] ?? `link type ${linkType}`;
};
