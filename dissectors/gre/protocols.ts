/** A whole Ethernet frame, in GRE of Cisco's. */
export const PROTOCOL_BRIDGED = 0x6400;
/** ERSPAN of types I and II, and of type III. Source: draft-foschiano-erspan, section 4. */
export const PROTOCOL_ERSPAN = 0x88be;
export const PROTOCOL_ERSPAN_III = 0x22eb;
/** The key of ERSPAN without a header of its own: type I, which the missing sequence number of GRE tells. */
export const KEY_ERSPAN_I = 0x1_88be;

export const ERSPAN_NAMES: Readonly<Record<number, string>> = {
  [PROTOCOL_ERSPAN]: 'ERSPAN',
  [PROTOCOL_ERSPAN_III]: 'ERSPAN III',
};
