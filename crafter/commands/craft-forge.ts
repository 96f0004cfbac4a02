import { type CookieInput, cookieKey } from '../../dissectors/channel/cookie.js';
import { DIALECTS, type Dialect, dialectNamed } from '../../dissectors/channel/dialects.js';
import { fromHex, toHex } from '../../dissectors/wire/view.js';
import { cannotForge, equivalentSecret } from '../forge.js';
import { peerId } from '../peer-id.js';
import { at, CraftError } from './craft-error.js';

export const FORGE_HELP = `usage: handshark craft forge --cookie HEX --initiator PEER --responder PEER --id HEX [OPTIONS]

Makes a valid cookie for a channel of your choice from one cookie that was seen, without the secret. That works for the
dialect channeler, whose cookies are CRCs: one cookie tells all that the secret does to any cookie of the peer that made
it, cookie 1 and cookie 2 alike. It tells nothing about the other peer's cookies: cookie 1 is made by the initiator,
cookie 2 by the responder. It cannot work for hmac and hmac-newcaps, whose cookies are HMACs.

What was seen:
  --cookie HEX           the cookie
  --initiator PEER       whose it was for: 32 hex digits, or a name
  --responder PEER
  --id HEX               the channel: c1 alone (4 digits) for a cookie 1, c1 and c2 (8 digits) for a cookie 2
What is wanted, the same as seen unless given:
  --for-initiator PEER
  --for-responder PEER
  --for-id HEX           4 digits for a cookie 1, 8 digits for a cookie 2
  --dialect NAME         channeler unless given

Prints the forged cookie, and a secret of 4 bytes that is as good as the real one: for --secret, and for secrets files.
`;

interface Wanted {
  readonly dialect: Dialect;
  readonly cookie: Uint8Array;
  readonly seen: CookieInput;
  readonly wanted: CookieInput;
}

/** The text that `craft forge` prints. Pure. */
export function forgeText(argv: readonly string[]): string {
  const { dialect, cookie, seen, wanted } = parseForge(argv);
  if (dialect.mac !== 'crc-32') throw new CraftError(`forge: ${cannotForge(dialect)}`, 1);
  const secret = at('--cookie', () => equivalentSecret(dialect, cookie, seen));
  return `cookie ${toHex(cookieKey(dialect, secret)(wanted))}\nsecret ${toHex(secret)}\n`;
}

const NAMES = ['cookie', 'initiator', 'responder', 'id', 'for-initiator', 'for-responder', 'for-id', 'dialect'];

/** @throws {CraftError} saying which word is wrong, and what was expected */
function parseForge(argv: readonly string[]): Wanted {
  const values = new Map<string, string>();
  for (let place = 0; place < argv.length; place++) {
    const [, name = '', attached] = /^--([a-z-]+)(?:=(.*))?$/.exec(argv[place] ?? '') ?? [];
    if (!NAMES.includes(name)) throw new CraftError(`forge: unknown option ${argv[place]}; see craft forge --help`);
    const value = attached ?? argv[++place];
    if (value === undefined) throw new CraftError(`--${name}: needs a value`);
    values.set(name, value);
  }
  const needed = (name: string): string => {
    const value = values.get(name);
    if (value === undefined) throw new CraftError(`forge: needs --${name}; see craft forge --help`);
    return value;
  };
  const name = values.get('dialect') ?? 'channeler';
  const known = DIALECTS.find((dialect) => dialect.name === name);
  if (!known)
    throw new CraftError(`--dialect: "${name}" is not one of ${DIALECTS.map((other) => other.name).join(', ')}`);
  const [initiator, responder, id] = [needed('initiator'), needed('responder'), needed('id')];
  return {
    dialect: dialectNamed(known.name),
    cookie: at('--cookie', () => fromHex(needed('cookie'))),
    seen: inputOf(initiator, responder, '--id', id),
    wanted: inputOf(
      values.get('for-initiator') ?? initiator,
      values.get('for-responder') ?? responder,
      '--for-id',
      values.get('for-id') ?? id,
    ),
  };
}

function inputOf(initiator: string, responder: string, option: string, id: string): CookieInput {
  if (!/^([0-9a-f]{4}){1,2}$/i.test(id)) throw new CraftError(`${option}: "${id}" is neither 4 nor 8 hex digits`);
  const peers = { initiator: peerId(initiator), responder: peerId(responder) };
  const [c1, c2] = [Number.parseInt(id.slice(0, 4), 16), id.slice(4)];
  return c2 === '' ? { ...peers, c1 } : { ...peers, c1, c2: Number.parseInt(c2, 16) };
}
