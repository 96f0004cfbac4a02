import { fromHex } from '../../dissectors/wire/view.js';

/** An initiation and a response of wireguard-go, and the public keys that they were sent to. */
export const INITIATION = fromHex(
  `01000000 5b371a88 d860d457449d383e6b38e355ad854c754c4f10ea90ed29a09d556700239a953d
   2e0b5267af9cdc8cf302c83d94f6b88d71375321342461afd1dda813a78693bf51d5d1a20dd47c4bdd4b360270caa803
   b25b6566db49ec4b313fb2aa5ee3f6870d6dc2d25494f54a2ffdcc21 be491fc0fc7c2357a10acbc0147aba93
   00000000000000000000000000000000`.replaceAll(/\n/g, ''),
);
export const RESPONSE = fromHex(
  `02000000 be5d2297 5b371a88 a861da806d4cf35c66f81137122007a4fc2cde3659a09a67c0bbc2744933e83d
   6acf43dcd814f96dbafbde740fea4d52 29879fe0de57d5db1c5e82ad6c0493a8 00000000000000000000000000000000`.replaceAll(
    /\n/g,
    '',
  ),
);
export const RESPONDER_KEY = '9xktEkvmifOhXocpIvp28KHaMH+/sQYsxJZZi8n8UB0=';
