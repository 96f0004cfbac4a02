import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['craft'];

export const CRAFT_KEYS = [...moving(HERE, 'line')] as const;
