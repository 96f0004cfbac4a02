import { bind, type Focus, moving } from './binding.js';

const HERE: readonly Focus[] = ['difference'];

export const DIFFERENCE_KEYS = [
  ...moving(HERE, 'line'),
  bind(HERE, 'only-differences', ['o'], 'only the lines that differ, or all'),
  bind(HERE, 'next-difference', ['n', 'tab'], 'next line that differs'),
  bind(HERE, 'previous-difference', ['N', 'shift-tab'], 'line before that differs'),
  bind(HERE, 'swap-sides', ['s'], 'swap the sides'),
] as const;
