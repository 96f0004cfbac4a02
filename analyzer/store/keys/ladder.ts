import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['ladder'];

export const LADDER_KEYS = [...moving(HERE, 'line')] as const;
