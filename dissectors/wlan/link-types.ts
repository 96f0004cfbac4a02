export const LINK_TYPE_WLAN = 105;
export const LINK_TYPE_PRISM = 119;
export const LINK_TYPE_RADIOTAP = 127;
export const LINK_TYPE_AVS = 163;
export const LINK_TYPE_PPI = 192;

/** Added to the link type of a frame inside another header: it ends in its check sequence. No link types of files. */
const WITH_FCS = 0x1_0000;
/** Added to it: the header is padded to a multiple of 4 bytes. */
const WITH_PADDING = 0x2_0000;
/** No link type of files: what is in a frame that aggregates several. */
export const LINK_TYPE_AGGREGATE = 0x4_0000 + LINK_TYPE_WLAN;

/** The key of IEEE 802.11 frames that some header lies in front of, which knows more of them. */
export const wlanKey = (hasFcs: boolean, isPadded: boolean): number =>
  LINK_TYPE_WLAN + (hasFcs ? WITH_FCS : 0) + (isPadded ? WITH_PADDING : 0);

/** All keys that lead to IEEE 802.11 frames. */
export const WLAN_KEYS: readonly number[] = [false, true].flatMap((fcs) => [wlanKey(fcs, false), wlanKey(fcs, true)]);

export const hasFcs = (key: number): boolean => (key & WITH_FCS) !== 0;
export const isPadded = (key: number): boolean => (key & WITH_PADDING) !== 0;
