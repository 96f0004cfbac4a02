/**
 * The processor time that this process has taken so far, in milliseconds. Bounds of work are checked against it: other
 * programs on a busy machine delay a test, and do not count here.
 */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
