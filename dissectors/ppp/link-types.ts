/** PPP with or without address and control, and Cisco HDLC, which its first byte tells apart. */
export const LINK_TYPE_PPP = 9;
export const LINK_TYPE_PPP_SERIAL = 50;
/** PPP over Ethernet, from the header of RFC 2516 on. */
export const LINK_TYPE_PPP_ETHER = 51;
/** PPP behind a byte that tells who sent the frame: 0 for the other side. */
export const LINK_TYPE_PPP_PPPD = 166;
export const LINK_TYPE_PPP_WITH_DIR = 204;
/** No link type of files: PPP of which address and control are never sent (RFC 2516, "PPP Session Stage"). */
export const LINK_TYPE_PPP_BARE = 0x1_0000 + LINK_TYPE_PPP;
