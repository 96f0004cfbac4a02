import { type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['log'];

export const LOG_KEYS = [...moving(HERE, 'line')] as const;
