/** The ways to show when a packet was captured: tshark's `-t`. */
export const TIME_FORMATS = ['r', 'a', 'ad', 'adoy', 'd', 'dd', 'e', 'u', 'ud', 'udoy'] as const;
/** How times since others are shown: tshark's `-u`. */
export type TimeUnits = 's' | 'hms';
export type TimeFormat = (typeof TIME_FORMATS)[number];
