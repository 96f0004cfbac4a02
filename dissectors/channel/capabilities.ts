/** The capability bits of a channel. Source: protocol page, section 3 "Messages, by dialect". */
export const RESEND = 1;
export const ORDERED = 2;
export const CLOSE_ON_LOSS = 4;
export const RESERVED_CAPABILITIES = 0xfff8;

export type Mode = 'udp' | 'z' | 'streaming-1' | 'streaming-2' | 'x' | 'sctp' | 'y' | 'tcp';

/** The modes by their bits. Source: protocol page, section 5. */
export const MODES: readonly Mode[] = ['udp', 'z', 'streaming-1', 'streaming-2', 'x', 'sctp', 'y', 'tcp'];

/** The mode that capability bits name; reserved bits are ignored. */
export const modeOf = (bits: number): Mode => MODES[bits & 7] ?? 'udp';

/** The capability bits of a mode. */
export const bitsOf = (mode: Mode): number => MODES.indexOf(mode);
