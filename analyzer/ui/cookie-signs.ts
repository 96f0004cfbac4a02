import type { Arrow } from '../print/ladder.js';
import type { CookieStatus } from '../track/cookies.js';
import type { Theme } from './theme.js';

/** What a cookie is worth: a sign, the same everywhere, and the word behind it where there is room. */
export const cookieText = (status: CookieStatus, { marks }: Theme, withWord: boolean): string =>
  withWord ? `${marks.cookie[status]} ${status}` : marks.cookie[status];

/** What a message says, with what its cookies are worth, and that it was sent before. */
export function arrowWith(
  { text: own, verdicts, notes }: Pick<Arrow, 'text' | 'verdicts' | 'notes'>,
  theme: Theme,
  withWords: boolean,
): string {
  const resend = notes.find((note) => note.resend !== undefined)?.resend;
  const text = resend === undefined ? own : `${own} (resend${resend > 1 ? ` ${resend}` : ''})`;
  if (verdicts.length === 0) return text;
  const told = verdicts.map(
    ({ key, status }) => `${key.replace('cookie', 'c')}${cookieText(status, theme, withWords)}`,
  );
  return `${text} (${told.join(withWords ? ', ' : ' ')})`;
}
