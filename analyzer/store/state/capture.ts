import type { CaptureView } from '../capture-view.js';

/** The capture's own news, as of the last frame. */
export type CaptureState = Pick<CaptureView, 'title' | 'count' | 'first' | 'progress' | 'done' | 'problem' | 'live'>;

/** The capture's news of this moment. */
export const newsOf = ({ title, count, first, progress, done, problem, live }: CaptureView): CaptureState => ({
  title,
  count,
  first,
  live,
  progress,
  done,
  problem,
});
