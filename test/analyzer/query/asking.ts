import type { ChannelColumns } from '../../../analyzer/index/channel-columns.js';
import { NO_HANDSHAKES } from '../../../analyzer/index/handshake-columns.js';
import { NumberList } from '../../../analyzer/index/number-list.js';
import type { ScannedCapture } from '../../../analyzer/index/scanned-capture.js';
import type { Answer, Question } from '../../../analyzer/query/messages.js';
import { QueryDesk } from '../../../analyzer/query/query-desk.js';

/** Asks a question, and waits until it is answered for all packets that there are. */
export async function answered<T extends Question['type']>(
  capture: ScannedCapture,
  question: Question & { readonly type: T },
  channels?: ChannelColumns,
  listener: (answer: Answer) => void = () => {},
): Promise<Extract<Answer, { readonly type: T }>> {
  const desks: QueryDesk[] = [];
  const answer = await new Promise<Answer>((resolve) => {
    const desk = new QueryDesk(capture, (_, told) => {
      listener(told);
      if (told.done) resolve(told);
    });
    if (channels) desk.know(channels, NO_HANDSHAKES);
    desk.ask(1, question);
    desks.push(desk);
  });
  desks[0]?.cancel(1);
  // The desk answers in the type of its question.
  return answer as Extract<Answer, { readonly type: T }>;
}

/** The packets that pass a filter, as the desk finds them. */
export async function matching(capture: ScannedCapture, filter: string): Promise<readonly number[]> {
  const found = new NumberList();
  const question = { type: 'match', filter, found: found.everything(), looked: 0 } as const;
  const answer = await answered(capture, question, undefined, (told) => {
    if (told.type === 'match') found.apply(told.news);
  });
  if (answer.problem !== undefined) throw new Error(`${filter}: ${answer.problem}`);
  return Array.from({ length: found.count }, (_, place) => found.at(place));
}
