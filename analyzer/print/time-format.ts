/** The ways to show when a packet was captured: tshark's `-t`. */
export const TIME_FORMATS = ['r', 'a', 'ad', 'd', 'dd', 'e', 'u', 'ud'] as const;
export type TimeFormat = (typeof TIME_FORMATS)[number];
