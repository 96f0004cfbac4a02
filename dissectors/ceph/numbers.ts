/** What the first byte of a frame says. Source: Ceph, src/include/msgr.h, `CEPH_MSGR_TAG_*`. */
export const TAGS: Readonly<Record<number, string>> = {
  1: 'READY',
  2: 'RESETSESSION',
  3: 'WAIT',
  4: 'RETRY_SESSION',
  5: 'RETRY_GLOBAL',
  6: 'CLOSE',
  7: 'MSG',
  8: 'ACK',
  9: 'KEEPALIVE',
  10: 'BADPROTOVER',
  11: 'BADAUTHORIZER',
  12: 'FEATURES',
  13: 'SEQ',
  14: 'KEEPALIVE2',
  15: 'KEEPALIVE2_ACK',
  16: 'CHALLENGE_AUTHORIZER',
};
export const TAG_READY = 1;
export const TAG_CLOSE = 6;
export const TAG_MESSAGE = 7;
export const TAG_ACK = 8;
export const TAG_KEEPALIVE = 9;
export const TAG_SEQ = 13;
export const TAG_KEEPALIVE2 = 14;
export const TAG_KEEPALIVE2_ACK = 15;

/** Source: Ceph, src/include/msgr.h, `CEPH_ENTITY_TYPE_*`. */
export const NODES: Readonly<Record<number, string>> = {
  1: 'mon',
  2: 'mds',
  4: 'osd',
  8: 'client',
  16: 'mgr',
  32: 'auth',
};

export const TYPE_ELECTION = 65;
export const TYPE_PAXOS = 66;

/** What messages are about. Source: Ceph, src/include/ceph_fs.h and src/msg/Message.h. */
export const TYPES: Readonly<Record<number, string>> = {
  1: 'Shutdown',
  2: 'Ping',
  4: 'Mon Map',
  5: 'Mon Get Map',
  13: 'Stat FS',
  14: 'Stat FS Reply',
  15: 'Mon Subscribe',
  16: 'Mon Subscribe Ack',
  17: 'Auth',
  18: 'Auth Reply',
  19: 'Mon Get Version',
  20: 'Mon Get Version Reply',
  21: 'MDS Map',
  22: 'Client Session',
  23: 'Client Reconnect',
  24: 'Client Request',
  25: 'Client Request Forward',
  26: 'Client Reply',
  41: 'OSD Map',
  42: 'OSD Operation',
  43: 'OSD Operation Reply',
  44: 'Watch Notify',
  46: 'Forward',
  47: 'Route',
  48: 'Pool Operation Reply',
  49: 'Pool Operation',
  50: 'Mon Command',
  51: 'Mon Command Ack',
  52: 'Log',
  53: 'Log Ack',
  58: 'Get Pool Stats',
  59: 'Get Pool Stats Reply',
  60: 'Mon Global ID',
  62: 'Config',
  63: 'Get Config',
  64: 'Mon Scrub',
  [TYPE_ELECTION]: 'Mon Election',
  [TYPE_PAXOS]: 'Mon Paxos',
  67: 'Mon Probe',
  68: 'Mon Join',
  69: 'Mon Sync',
  70: 'OSD Ping',
  71: 'OSD Boot',
  72: 'OSD Failure',
  87: 'PG Stats',
  88: 'PG Stats Ack',
  97: 'Command',
  98: 'Command Reply',
  100: 'MDS Beacon',
  1536: 'Time Check',
  1537: 'Mon Health',
  1792: 'Mgr Open',
  1793: 'Mgr Configure',
  1794: 'Mgr Report',
  1795: 'Mgr Beacon',
  1796: 'Mgr Map',
  1798: 'Mon Mgr Report',
};

export const COLLECT = 1;
export const LAST = 2;
export const BEGIN = 3;
export const ACCEPT = 4;
export const COMMIT = 5;
export const LEASE = 6;
export const LEASE_ACK = 7;

/** Operations of Paxos, by the names that Ceph gives them. Source: Ceph, src/messages/MMonPaxos.h. */
export const OPERATIONS: Readonly<Record<number, string>> = {
  [COLLECT]: 'COLLECT',
  [LAST]: 'LAST',
  [BEGIN]: 'BEGIN',
  [ACCEPT]: 'ACCEPT',
  [COMMIT]: 'COMMIT',
  [LEASE]: 'LEASE',
  [LEASE_ACK]: 'LEASE_ACK',
};

/** The same in the words of the literature; what follows the accepted proposal are ways to learn of it. */
export const ROLES: Readonly<Record<number, string>> = {
  [COLLECT]: 'PREPARE',
  [LAST]: 'PROMISE',
  [BEGIN]: 'PROPOSE',
  [ACCEPT]: 'ACCEPT',
  [COMMIT]: 'learn',
  [LEASE]: 'learn',
  [LEASE_ACK]: 'learn',
};

/** Source: Ceph, src/messages/MMonElection.h. */
export const ELECTIONS: Readonly<Record<number, string>> = {
  1: 'PROPOSE',
  2: 'ACK',
  3: 'NAK',
  4: 'VICTORY',
};
