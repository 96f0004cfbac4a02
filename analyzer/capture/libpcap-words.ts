import type { LinkType, Refusal } from './engine.js';

/** What programs that use libpcap say, in our words. They say it in English: they are run so. */
const REFUSALS: readonly (readonly [said: RegExp, kind: Refusal['kind'], why: string])[] = [
  [/permission|not permitted|access denied/i, 'denied', 'not permitted'],
  [/no such device|no device named|doesn't exist|interface cannot be found/i, 'failed', 'no such interface'],
  [/not up|network is down/i, 'failed', 'the interface is down'],
  [/monitor mode/i, 'failed', 'it has no monitor mode'],
];

/** Complaints about a value of an option. */
const VALUES: readonly (readonly [said: RegExp, why: string])[] = [
  [/(\w+) is not one of the DLTs/, 'not a link type that it can give; -L lists those'],
  [/link type "?(\w+)"? isn't valid|invalid data link type (\w+)/, 'no such link type'],
  [/time.stamp.type[ =](\w+)/i, 'no such type of time stamps'],
];

/** The line that says what is wrong, without the name of who says it. */
export const complaintIn = (said: string): string => {
  const lines = said.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /^(dumpcap|tcpdump): /.test(one) && !/listening on|verbose output/.test(one));
  return (line ?? lines.find((one) => one !== '') ?? '').replace(/^\w+: /, '');
};

/** Why an interface was refused. */
export function refusalIn(said: string, where: string): Refusal {
  for (const [pattern, why] of VALUES) {
    const given = pattern
      .exec(said)
      ?.slice(1)
      .find((group) => group !== undefined);
    if (given !== undefined) return { kind: 'failed', where, why: `${given}: ${why}` };
  }
  for (const [pattern, kind, why] of REFUSALS) if (pattern.test(said)) return { kind, where, why };
  const complaint = complaintIn(said);
  return { kind: 'failed', where, why: complaint === '' ? 'it cannot be opened' : complaint };
}

/** The link types in a list that `dumpcap -L` or `tcpdump -L` prints. */
export const linkTypesIn = (printed: string): readonly LinkType[] =>
  [...printed.matchAll(/^ {2}([A-Z][A-Z0-9_]*)(?: \((.*)\))?\s*$/gm)].map(([, name = '', about = '']) => ({
    name,
    about,
  }));

/** Why a capture that ran has ended, from the last words of who captured. */
export function endIn(said: string): string | undefined {
  if (/no longer attached|disappeared|no such device/i.test(said)) return 'the interface went away';
  if (/network is down|not up/i.test(said)) return 'the interface went down';
  return undefined;
}
