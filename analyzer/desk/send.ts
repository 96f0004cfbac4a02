import { CraftError } from '../../crafter/commands/craft-error.js';
import type { Cancel } from '../query/news.js';
import type { Action } from '../store/action.js';
import type { WorldOrder } from '../store/orders.js';

type SendOrder = Extract<WorldOrder, { readonly type: 'send' }>;

/**
 * Sends a packet as often as was asked, in datagrams or as frames, and tells how many left. As on the command line, a
 * flood of a network must be meant: who sits at the screen says so with `yes`.
 */
export function send(order: SendOrder, dispatch: (action: Action) => void): Cancel {
  const ending = new AbortController();
  const where = order.to.type === 'udp' ? hostText(order.to) : order.to.name;
  const tell = (text: string, severity: 'chat' | 'error', done = true): void =>
    dispatch({ type: 'told', key: 'send', text, severity, done });
  // Without the key: what is sent by now may be something else.
  const tellEnd = (text: string): void => dispatch({ type: 'told', text, severity: 'note', done: true });
  tell(`sending to ${where}`, 'chat', false);
  void sendAll(order, ending.signal).then(
    (sent) => (ending.signal.aborted ? tellEnd(`ended: ${sent} to ${where}`) : tell(`${sent} to ${where}`, 'chat')),
    (error: unknown) => tell(`cannot send: ${reasonOf(error)}`, 'error'),
  );
  return () => ending.abort();
}

const hostText = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

async function sendAll({ to, bytes, linkType, count, yes }: SendOrder, signal: AbortSignal): Promise<string> {
  // Sockets are loaded with the first packet that is sent.
  const { sendCopies } = await import('../../crafter/commands/send-copies.js');
  let printed = '';
  const destination =
    to.type === 'udp'
      ? ({ to: 'udp', host: to.host, port: to.port } as const)
      : ({ to: 'interface', name: to.name } as const);
  await sendCopies(
    { to: destination, bytes, linkType, count, yes },
    {
      print: (text) => {
        printed += text;
      },
      confirm: async () => false,
    },
    signal,
  );
  return printed.trim().replace(', ', ' of ');
}

/** In one line. What is said with an option on the command line is a word here. */
const reasonOf = (error: unknown): string => {
  const text = error instanceof Error ? error.message : String(error);
  return error instanceof CraftError && /; say --yes/.test(text)
    ? 'that may flood a network; add "yes" if it is meant'
    : text;
};
