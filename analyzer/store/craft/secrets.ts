import { cookiesOf, type Roles } from '../../../crafter/channel-part.js';
import { craftPacket } from '../../../crafter/commands/craft-packet.js';
import { build } from '../../../crafter/part.js';
import { isHandshake } from '../../../dissectors/channel/dissect.js';
import { CODES } from '../../../dissectors/channel/messages.js';
import type { Value } from '../../../dissectors/wire/field.js';
import { toHex } from '../../../dissectors/wire/view.js';
import { isInTime, type Moment, type Secret } from '../../secrets/secrets.js';
import type { MessageDraft, PacketDraft } from './draft.js';
import { argumentsOf } from './make.js';

/** More secrets of one peer are not tried. */
const MOST_TRIED = 1000;

const NOBODY = new Uint8Array(16);

/**
 * The draft with the secrets of its peers, as far as they are known. Cookies that these make are no longer given but
 * derived, and follow what they are made of; others stay as they were captured.
 */
export function withKnownSecrets(draft: PacketDraft, secrets: readonly Secret[], moment: Moment): PacketDraft {
  if (secrets.length === 0 || draft.dialect.mac === 'none') return draft;
  const roles = draft.messages.some(({ code }) => isHandshake(code))
    ? [undefined]
    : (['initiator', 'responder'] as const);
  let best = draft;
  for (const role of roles) {
    const next = withSecretsAs(role === undefined ? draft : { ...draft, role }, secrets, moment);
    if (givenCookies(next) < givenCookies(best) || (best === draft && next.secrets !== draft.secrets)) best = next;
  }
  // What the crafter would make otherwise stays as it was captured.
  return packetOf(best) === packetOf(draft) ? best : { ...draft, secrets: best.secrets };
}

const packetOf = (draft: PacketDraft): string => toHex(build(craftPacket(argumentsOf(draft)).packet));

const givenCookies = ({ messages }: PacketDraft): number =>
  messages.flatMap(({ given }) => Object.keys(given).filter((key) => key.startsWith('cookie'))).length;

function withSecretsAs(draft: PacketDraft, secrets: readonly Secret[], moment: Moment): PacketDraft {
  const { initiator, responder } = peersOf(draft);
  const found = {
    initiator: secretFor('initiator', draft, secretsOf(initiator, secrets, moment)),
    responder: secretFor('responder', draft, secretsOf(responder, secrets, moment)),
  };
  const known = {
    ...(found.initiator && { initiator: found.initiator }),
    ...(found.responder && { responder: found.responder }),
  };
  return {
    ...draft,
    secrets: known,
    messages: draft.messages.map((one) => withoutMade({ ...draft, secrets: known }, one)),
  };
}

/** Who is who, as the crafter sees it. */
function peersOf({ header: { given }, messages, role }: PacketDraft): Pick<Roles, 'initiator' | 'responder'> {
  const answers = messages.some(({ code }) => code === CODES.CHANNEL_ACKNOWLEDGE);
  const fromResponder = (role ?? (answers ? 'responder' : 'initiator')) === 'responder';
  const [sender, recipient] = [bytesIn(given.sender) ?? NOBODY, bytesIn(given.recipient) ?? NOBODY];
  return fromResponder ? { initiator: recipient, responder: sender } : { initiator: sender, responder: recipient };
}

const bytesIn = (value: Value | undefined): Uint8Array | undefined => (value instanceof Uint8Array ? value : undefined);

/** The secrets that a peer may have, those of its own and of the time first. */
function secretsOf(peer: Uint8Array, secrets: readonly Secret[], moment: Moment): readonly Secret[] {
  const id = toHex(peer);
  const rank = (secret: Secret) => (secret.peer === undefined ? 2 : 0) + (isInTime(secret, moment) ? 0 : 1);
  return secrets
    .filter((secret) => secret.peer === undefined || secret.peer === id)
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, MOST_TRIED);
}

/** The secret that makes a cookie of the draft; else the first that is the peer's own. */
function secretFor(
  role: 'initiator' | 'responder',
  draft: PacketDraft,
  secrets: readonly Secret[],
): Uint8Array | undefined {
  const makes = ({ bytes }: Secret) => {
    const alone = { ...draft, secrets: { [role]: bytes } };
    return draft.messages.some((one) => withoutMade(alone, one) !== one);
  };
  return (secrets.find(makes) ?? secrets.find(({ peer }) => peer !== undefined))?.bytes;
}

/** The message without the cookies that the secrets of the draft make; the same message if there are none. */
function withoutMade(draft: PacketDraft, message: MessageDraft): MessageDraft {
  const made = cookiesFor(draft, message);
  const kept = Object.entries(message.given).filter(
    ([key, value]) => !(value instanceof Uint8Array && made[key] && toHex(made[key]) === toHex(value)),
  );
  if (kept.length === Object.keys(message.given).length) return message;
  const given = Object.fromEntries(kept);
  return { ...message, given, original: given };
}

function cookiesFor(draft: PacketDraft, { given }: MessageDraft): Readonly<Record<string, Uint8Array | undefined>> {
  const id = numberIn(given.id) ?? (numberIn(given.c1) ?? 0) * 0x1_0000;
  const own = given.id === undefined && given.c1 === undefined ? (numberIn(draft.header.given.id) ?? 0) : id;
  const { initiator, responder } = draft.secrets;
  const peers = peersOf(draft);
  const made = cookiesOf(
    draft.dialect,
    { ...peers, ...(initiator && { initiatorSecret: initiator }), ...(responder && { responderSecret: responder }) },
    own >>> 0,
  );
  const isInitiator = toHex(peers.initiator) === toHex(bytesIn(draft.header.given.sender) ?? NOBODY);
  return { ...made, cookie: isInitiator ? made.cookie2 : made.cookie1 };
}

const numberIn = (value: Value | undefined): number | undefined => (typeof value === 'number' ? value : undefined);
