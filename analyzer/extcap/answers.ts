import { EXTCAP_INTERFACES, type ExtcapArgument, type ExtcapInterface } from './interfaces.js';

/** What Wireshark asks before it captures. */
export type ExtcapQuestion =
  | { readonly kind: 'interfaces' }
  | { readonly kind: 'dlts' | 'config'; readonly of: string }
  | { readonly kind: 'filter'; readonly of: string; readonly filter: string };

/** The number of the control that pauses, in the toolbar. */
export const PAUSE_CONTROL = 0;

/** Interfaces whose packets a capture filter can choose: somebody else captures there. */
const FILTERED: ReadonlySet<string> = new Set(['hs_ssh']);
export const takesCaptureFilter = (name: string): boolean => FILTERED.has(name);

/**
 * What a command line asks, if it is one of those questions; undefined for all others.
 *
 * Each list of interfaces asks for one interface after the other, each time in a new process: this answers before the rest
 * of the program is loaded. Source: extcap(4).
 */
export function questionIn(words: readonly string[]): ExtcapQuestion | undefined {
  if (words.includes('--capture')) return undefined;
  if (words.includes('--extcap-interfaces')) return { kind: 'interfaces' };
  const of = valueIn(words, '--extcap-interface');
  if (of === undefined) return undefined;
  if (words.includes('--extcap-dlts')) return { kind: 'dlts', of };
  if (words.includes('--extcap-config')) return { kind: 'config', of };
  const filter = valueIn(words, '--extcap-capture-filter');
  return filter === undefined ? undefined : { kind: 'filter', of, filter };
}

function valueIn(words: readonly string[], name: string): string | undefined {
  const at = words.indexOf(name);
  if (at >= 0) return words[at + 1];
  return words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
}

/** The answer, a line each; undefined if there is no such interface. */
export function answerTo(question: ExtcapQuestion, version: string): readonly string[] | undefined {
  if (question.kind === 'interfaces') return interfaceLines(version);
  const asked = EXTCAP_INTERFACES.find(({ name }) => name === question.of);
  if (!asked) return undefined;
  switch (question.kind) {
    case 'dlts':
      return [sentence('dlt', { ...asked.linkType })];
    case 'config':
      return configLines(asked);
    case 'filter':
      // Whatever is printed is what is wrong with the filter.
      return FILTERED.has(asked.name) ? [] : [`${asked.name} takes no capture filter: use a display filter`];
  }
}

const interfaceLines = (version: string): readonly string[] => [
  sentence('extcap', { version, display: 'Handshark' }),
  ...EXTCAP_INTERFACES.map(({ name, display }) => sentence('interface', { value: name, display })),
  sentence('control', {
    number: PAUSE_CONTROL,
    type: 'boolean',
    display: 'Pause',
    tooltip: 'Hold a replay where it is',
  }),
];

function configLines({ arguments: all }: ExtcapInterface): readonly string[] {
  return all.flatMap((argument, number) => [argumentLine(argument, number), ...valueLines(argument, number)]);
}

function argumentLine(argument: ExtcapArgument, number: number): string {
  const { call, display, type, fallback, required, about } = argument;
  return sentence('arg', {
    number,
    call,
    display,
    type,
    ...(fallback !== undefined && { default: fallback }),
    ...(required && { required: 'true' }),
    ...(type === 'fileselect' && { mustexist: 'true' }),
    tooltip: about,
  });
}

/** That a value is the default is told of the argument: tshark does not pass one that only its value tells. */
const valueLines = ({ choices = [], fallback }: ExtcapArgument, number: number): readonly string[] =>
  choices.map((choice) =>
    sentence('value', { arg: number, value: choice, display: choice, ...(choice === fallback && { default: 'true' }) }),
  );

const sentence = (word: string, parts: Readonly<Record<string, string | number>>): string =>
  `${word} ${Object.entries(parts)
    .map(([name, value]) => `{${name}=${value}}`)
    .join('')}`;
