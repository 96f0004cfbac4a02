/** Source: IANA, "STUN Methods". */
export const METHODS: Readonly<Record<number, string>> = {
  1: 'Binding',
  2: 'Shared Secret',
  3: 'Allocate',
  4: 'Refresh',
  6: 'Send',
  7: 'Data',
  8: 'CreatePermission',
  9: 'Channel-Bind',
  10: 'Connect',
  11: 'ConnectionBind',
  12: 'ConnectionAttempt',
};

/** The two bits of the class, which stand apart. Source: RFC 8489, section 5, figure 3. */
export const CLASSES: Readonly<Record<number, string>> = {
  0: 'Request',
  1: 'Indication',
  16: 'Success Response',
  17: 'Error Response',
};

/** Attributes that the code names. Source: IANA, "STUN Attributes". */
export const MAPPED_ADDRESS = 0x0001;
export const CHANGE_REQUEST = 0x0003;
export const USERNAME = 0x0006;
export const MESSAGE_INTEGRITY = 0x0008;
export const ERROR_CODE = 0x0009;
export const UNKNOWN_ATTRIBUTES = 0x000a;
export const CHANNEL_NUMBER = 0x000c;
export const LIFETIME = 0x000d;
export const XOR_PEER_ADDRESS = 0x0012;
export const DATA = 0x0013;
export const REALM = 0x0014;
export const NONCE = 0x0015;
export const XOR_RELAYED_ADDRESS = 0x0016;
export const REQUESTED_ADDRESS_FAMILY = 0x0017;
export const EVEN_PORT = 0x0018;
export const REQUESTED_TRANSPORT = 0x0019;
export const PASSWORD_ALGORITHM = 0x001d;
export const XOR_MAPPED_ADDRESS = 0x0020;
export const RESERVATION_TOKEN = 0x0022;
export const PRIORITY = 0x0024;
export const ADDITIONAL_ADDRESS_FAMILY = 0x8000;
export const PASSWORD_ALGORITHMS = 0x8002;
export const SOFTWARE = 0x8022;
export const ALTERNATE_SERVER = 0x8023;
export const FINGERPRINT = 0x8028;
export const ICE_CONTROLLED = 0x8029;
export const ICE_CONTROLLING = 0x802a;
export const RESPONSE_ORIGIN = 0x802b;
export const OTHER_ADDRESS = 0x802c;
export const NETWORK_COST = 0xc057;

export const ATTRIBUTES: Readonly<Record<number, string>> = {
  [MAPPED_ADDRESS]: 'MAPPED-ADDRESS',
  2: 'RESPONSE-ADDRESS',
  [CHANGE_REQUEST]: 'CHANGE-REQUEST',
  4: 'SOURCE-ADDRESS',
  5: 'CHANGED-ADDRESS',
  [USERNAME]: 'USERNAME',
  7: 'PASSWORD',
  [MESSAGE_INTEGRITY]: 'MESSAGE-INTEGRITY',
  [ERROR_CODE]: 'ERROR-CODE',
  [UNKNOWN_ATTRIBUTES]: 'UNKNOWN-ATTRIBUTES',
  11: 'REFLECTED-FROM',
  [CHANNEL_NUMBER]: 'CHANNEL-NUMBER',
  [LIFETIME]: 'LIFETIME',
  [XOR_PEER_ADDRESS]: 'XOR-PEER-ADDRESS',
  [DATA]: 'DATA',
  [REALM]: 'REALM',
  [NONCE]: 'NONCE',
  [XOR_RELAYED_ADDRESS]: 'XOR-RELAYED-ADDRESS',
  [REQUESTED_ADDRESS_FAMILY]: 'REQUESTED-ADDRESS-FAMILY',
  [EVEN_PORT]: 'EVEN-PORT',
  [REQUESTED_TRANSPORT]: 'REQUESTED-TRANSPORT',
  26: 'DONT-FRAGMENT',
  27: 'ACCESS-TOKEN',
  28: 'MESSAGE-INTEGRITY-SHA256',
  [PASSWORD_ALGORITHM]: 'PASSWORD-ALGORITHM',
  30: 'USERHASH',
  [XOR_MAPPED_ADDRESS]: 'XOR-MAPPED-ADDRESS',
  [RESERVATION_TOKEN]: 'RESERVATION-TOKEN',
  [PRIORITY]: 'PRIORITY',
  37: 'USE-CANDIDATE',
  38: 'PADDING',
  39: 'RESPONSE-PORT',
  42: 'CONNECTION-ID',
  [ADDITIONAL_ADDRESS_FAMILY]: 'ADDITIONAL-ADDRESS-FAMILY',
  32769: 'ADDRESS-ERROR-CODE',
  [PASSWORD_ALGORITHMS]: 'PASSWORD-ALGORITHMS',
  32771: 'ALTERNATE-DOMAIN',
  32772: 'ICMP',
  [SOFTWARE]: 'SOFTWARE',
  [ALTERNATE_SERVER]: 'ALTERNATE-SERVER',
  32805: 'TRANSACTION_TRANSMIT_COUNTER',
  32807: 'CACHE-TIMEOUT',
  [FINGERPRINT]: 'FINGERPRINT',
  [ICE_CONTROLLED]: 'ICE-CONTROLLED',
  [ICE_CONTROLLING]: 'ICE-CONTROLLING',
  [RESPONSE_ORIGIN]: 'RESPONSE-ORIGIN',
  [OTHER_ADDRESS]: 'OTHER-ADDRESS',
  32813: 'ECN-CHECK STUN',
  32814: 'THIRD-PARTY-AUTHORIZATION',
  32816: 'MOBILITY-TICKET',
  [NETWORK_COST]: 'GOOG-NETWORK-INFO',
};

/** Source: IANA, "STUN Error Codes". */
export const ERRORS: Readonly<Record<number, string>> = {
  300: 'Try Alternate',
  400: 'Bad Request',
  401: 'Unauthenticated',
  403: 'Forbidden',
  405: 'Mobility Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  446: 'Connection Already Exists',
  447: 'Connection Timeout or Failure',
  486: 'Allocation Quota Reached',
  487: 'Role Conflict',
  500: 'Server Error',
  508: 'Insufficient Capacity',
};
