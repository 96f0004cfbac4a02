import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['data'];

export const DATA_KEYS = [...moving(HERE, 'line')] as const;
