/** Leaves out what is undefined: the host can't send it, and state need not hold it. */
export function present<T extends object>(bag: T): T;
export function present(bag: object): object {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined));
}
