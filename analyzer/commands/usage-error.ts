/** What the user asked for cannot be understood: one line `WHAT: WHERE: WHY`, exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
