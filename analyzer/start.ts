import { fileURLToPath } from 'node:url';

/** `npm start`: the program, on the shipped capture with its secrets unless a file is named. */
if (process.argv.length <= 2) {
  const shipped = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  process.argv.push(shipped('demo.pcapng'), '--secrets', shipped('demo.secrets'));
}
await import('./main.js');
