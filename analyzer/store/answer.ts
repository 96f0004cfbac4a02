import type { Order } from './orders.js';
import type { AppState, Notice } from './state.js';

/** Answers the last key in the status line. */
export const say = (state: AppState, text: string, severity: Notice['severity'] = 'chat'): AppState => ({
  ...state,
  notice: { text, severity },
});

/** Has something done by the world, after what was ordered before. */
export const ordered = (state: AppState, order: Order): AppState => ({ ...state, orders: [...state.orders, order] });
