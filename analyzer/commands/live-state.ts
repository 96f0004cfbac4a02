import type { LiveSpool } from '../capture/live-spool.js';
import type { LiveState } from '../store/capture-view.js';

/** How a capture that runs goes, whenever that is asked. @param title what it captures on */
export function liveStateOf(spool: LiveSpool, title: string): () => LiveState {
  let watched: LiveSpool['ended'] | undefined;
  let ended: { readonly why: string | undefined } | undefined;
  const watch = (end: LiveSpool['ended']): void => {
    watched = end;
    ended = undefined;
    void end.then((why) => {
      if (watched === end) ended = { why };
    });
  };
  watch(spool.ended);
  return () => {
    // After a restart another end is waited for.
    if (spool.ended !== watched) watch(spool.ended);
    const { received, packets, dropped } = spool.counts();
    return {
      source: `${spool.engine} on ${title}`,
      received: received ?? packets,
      dropped,
      running: ended === undefined,
      ended: ended?.why,
    };
  };
}
