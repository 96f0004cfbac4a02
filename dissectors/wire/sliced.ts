import { type Finding, finding } from './finding.js';

/**
 * The finding for a length that reaches beyond its frame: taps and drivers cut packets without telling how long they
 * were, so that the file holds the captured length twice. What the length promises counts as sent, but not captured.
 *
 * @param start where the length is written; it ends before `end`
 * @param what the length, by its filter name
 * @param need what it promises, in bytes
 * @param have what was sent by what the file says, in bytes, counted from the same place
 */
export const sliced = (start: number, end: number, what: string, need: number, have: number, source: number): Finding =>
  finding('packet-sliced', start, end, [what, need, have], source);
