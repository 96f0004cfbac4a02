import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['channels'];

export const CHANNELS_KEYS = [...moving(HERE, 'line')] as const;
