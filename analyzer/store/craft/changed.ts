/**
 * Which bytes are not as they were. Where there are as many as before, each is compared with the one in its place;
 * else all between what is the same from the start and what is the same from the end.
 */
export function changedBytes(before: Uint8Array, now: Uint8Array): (at: number) => boolean {
  if (before.length === now.length) return (at) => before[at] !== now[at];
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before[start] === now[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end++;
  return (at) => at >= start && at < now.length - end;
}
