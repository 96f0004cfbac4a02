import { fromHex, viewOf } from '../dissectors/wire/view.js';

/** A view over the bytes that hex digits stand for; blanks are for the reader. */
export const hex = (text: string): DataView => viewOf(fromHex(text));
