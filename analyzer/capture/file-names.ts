import { extname } from 'node:path';

/** Names have as many digits for the number of a file. */
const DIGITS = 5;

/**
 * The name of a file of a ring buffer, as dumpcap builds it: `trace_00001_20261123061200.pcapng`.
 * @param number from 1
 * @param time when the file is begun; its name has local time
 * @param isTimeFirst whether the time stands before the number
 */
export function numberedName(path: string, number: number, time: Date, isTimeFirst = false): string {
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  const count = String(number % 10 ** DIGITS).padStart(DIGITS, '0');
  const stamp = timeText(time);
  return `${stem}_${isTimeFirst ? `${stamp}_${count}` : `${count}_${stamp}`}${ending}`;
}

const timeText = (time: Date): string =>
  [time.getFullYear(), time.getMonth() + 1, time.getDate(), time.getHours(), time.getMinutes(), time.getSeconds()]
    .map((part, place) => String(part).padStart(place === 0 ? 4 : 2, '0'))
    .join('');
