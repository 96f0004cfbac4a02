/** Whether a field is told to those alone who ask for it by name: it is in no tree. */
export const isOnRequest = (name: string): boolean => /\.syncookie\./.test(name);
