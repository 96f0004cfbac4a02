import { bind, type Focus } from './binding.js';

export const PANES_FOCUS: readonly Focus[] = ['list', 'detail', 'bytes'];
const LIST: readonly Focus[] = ['list'];
const DETAIL: readonly Focus[] = ['detail'];
const BYTES: readonly Focus[] = ['bytes'];

export const PANES_KEYS = [
  bind(PANES_FOCUS, 'next-pane', ['tab'], 'next pane'),
  bind(PANES_FOCUS, 'previous-pane', ['shift-tab'], 'pane before'),
  bind(PANES_FOCUS, 'zoom', ['z'], 'zoom the pane to the whole screen, or back'),
  bind(PANES_FOCUS, 'next-packet', ['ctrl-down', 'J', 'f8'], 'next packet, from any pane'),
  bind(PANES_FOCUS, 'previous-packet', ['ctrl-up', 'K', 'f7'], 'packet before, from any pane'),
  bind(PANES_FOCUS, 'follow', ['F'], 'follow the newest packet while the capture grows'),
  bind(PANES_FOCUS, 'find', ['f', 'ctrl-f'], 'find packets by words, bytes or a filter', 'WORDS'),
  bind(PANES_FOCUS, 'find-next', ['n'], 'find the next one'),
  bind(PANES_FOCUS, 'find-previous', ['N'], 'find the one before'),
  bind(PANES_FOCUS, 'next-in-channel', ['}'], 'next packet of the same channel'),
  bind(PANES_FOCUS, 'previous-in-channel', ['{'], 'packet before of the same channel'),
  bind(PANES_FOCUS, 'channel-ladder', ['L'], 'the ladder of the channels of the packet'),
  bind(PANES_FOCUS, 'channel-data', ['d'], 'what the channel of the packet carried'),
  bind(PANES_FOCUS, 'edit', ['e'], 'edit the packet, to send or save a variation of it'),
  bind(PANES_FOCUS, 'mark', ['m'], 'mark the packet, or unmark it'),
  bind(PANES_FOCUS, 'next-mark', ["'"], 'next marked packet'),
  bind(PANES_FOCUS, 'previous-mark', ['"'], 'marked packet before'),
  bind(PANES_FOCUS, 'unmark-all', [], 'unmark all packets'),
  bind(PANES_FOCUS, 'time', ['t'], 'write times another way', 'TIME'),
  bind(PANES_FOCUS, 'time-reference', ['T'], 'count times from this packet, or again from the first'),
  bind(PANES_FOCUS, 'filter-this', ['i'], 'show only packets with the field under the cursor of the details'),
  bind(PANES_FOCUS, 'filter-and', ['&'], 'of those shown, only packets with this field'),
  bind(PANES_FOCUS, 'filter-or', ['|'], 'packets with this field, too'),
  bind(PANES_FOCUS, 'filter-not', ['!'], 'of those shown, only packets without this field'),
  bind(PANES_FOCUS, 'add-column', ['c'], 'make a column of the field under the cursor of the details', 'FIELD'),
  bind(PANES_FOCUS, 'remove-column', ['D'], 'remove the last column before the information', 'COLUMN'),
  bind(PANES_FOCUS, 'copy', ['y'], 'copy the row, the line or the bytes'),
  bind(PANES_FOCUS, 'save', ['w'], 'save the packets that are shown', 'FILE'),
  bind(PANES_FOCUS, 'save-marked', ['W'], 'save the marked packets', 'FILE'),
] as const;

export const LIST_KEYS = [
  bind(LIST, 'up', ['up', 'k'], 'packet before'),
  bind(LIST, 'down', ['down', 'j'], 'next packet'),
  bind(LIST, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(LIST, 'page-down', ['page-down', 'space'], 'a page down'),
  bind(LIST, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(LIST, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(LIST, 'first', ['home', 'g'], 'first packet'),
  bind(LIST, 'last', ['end', 'G'], 'last packet; while the file loads, keep to the last'),
  bind(LIST, 'shift-left', ['left', 'h', '<'], 'read the start of long information'),
  bind(LIST, 'shift-right', ['right', 'l', '>'], 'read on in long information'),
  bind(LIST, 'open', ['enter'], 'to the details of the packet'),
  bind(LIST, 'compare', ['='], 'compare two marked packets, or the marked one with this'),
] as const;

export const DETAIL_KEYS = [
  bind(DETAIL, 'up', ['up', 'k'], 'line above'),
  bind(DETAIL, 'down', ['down', 'j'], 'line below'),
  bind(DETAIL, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(DETAIL, 'page-down', ['page-down'], 'a page down'),
  bind(DETAIL, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(DETAIL, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(DETAIL, 'first', ['home', 'g'], 'first line'),
  bind(DETAIL, 'last', ['end', 'G'], 'last line'),
  bind(DETAIL, 'right', ['right', 'l'], 'open the line, or go to the first one inside'),
  bind(DETAIL, 'left', ['left', 'h'], 'close the line, or go to the one around it'),
  bind(DETAIL, 'toggle', ['enter', 'space'], 'open or close the line'),
  bind(DETAIL, 'expand', ['+', '='], 'open the line'),
  bind(DETAIL, 'collapse', ['-'], 'close the line'),
  bind(DETAIL, 'expand-all', ['E', '*'], 'open all lines'),
  bind(DETAIL, 'collapse-all', ['C'], 'close all lines'),
  bind(DETAIL, 'shift-left', ['<'], 'read the start of long lines'),
  bind(DETAIL, 'shift-right', ['>'], 'read on in long lines'),
] as const;

export const BYTES_KEYS = [
  bind(BYTES, 'left', ['left', 'h'], 'byte before'),
  bind(BYTES, 'right', ['right', 'l'], 'next byte'),
  bind(BYTES, 'up', ['up', 'k'], 'row above'),
  bind(BYTES, 'down', ['down', 'j'], 'row below'),
  bind(BYTES, 'page-up', ['page-up', 'ctrl-b'], 'a page up'),
  bind(BYTES, 'page-down', ['page-down', 'space'], 'a page down'),
  bind(BYTES, 'half-up', ['ctrl-u'], 'half a page up'),
  bind(BYTES, 'half-down', ['ctrl-d'], 'half a page down'),
  bind(BYTES, 'row-start', ['home', '0'], 'start of the row'),
  bind(BYTES, 'row-end', ['end', '$'], 'end of the row'),
  bind(BYTES, 'first', ['g', 'ctrl-home'], 'first byte'),
  bind(BYTES, 'last', ['G', 'ctrl-end'], 'last byte'),
  bind(BYTES, 'next-source', [']'], 'next source of bytes: the frame, what was reassembled'),
  bind(BYTES, 'previous-source', ['['], 'source of bytes before'),
  bind(BYTES, 'open', ['enter'], 'to the line of the byte'),
] as const;
