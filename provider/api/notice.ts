/** Shows people what happens to one resource. */
export interface Display {
  /** A sentence that stays. */
  notice(sentence: string): void;
  /** What is being done, for as long as it lasts, such as `logging in to …`. */
  status(purpose: string): void;
}

/** Shows a sentence beside the stack: the engine shows the standard error of the dynamic-provider host. */
export function notice(sentence: string): void {
  console.error(sentence);
}

/** The dynamic-provider host tells a resource neither its URN nor where to log, so a status has no place. */
export const STANDARD_ERROR: Display = { notice, status: () => {} };
