import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['statistics'];

export const STATISTICS_KEYS = [...moving(HERE, 'line')] as const;
