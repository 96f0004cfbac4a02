import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['difference'];

export const DIFFERENCE_KEYS = [...moving(HERE, 'line')] as const;
