/** The one door to Ink: a later version, or a faster drop-in, is a change of this file. */
export { Box, type Instance, render, renderToString, Transform } from 'ink';
