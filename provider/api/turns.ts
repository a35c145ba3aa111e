import { type Mutex, withTimeout } from "async-mutex";

interface Turns {
  mutex: Mutex;
  /** Whether the requests may go at the same time. */
  mayGoTogether: () => boolean;
  /** How long to wait for a turn, in milliseconds, and what to reject with then. */
  timeout: number;
  timedOut: () => Error;
}

/** Runs requests one at a time, until one of them has shown that the others may go at the same time. */
export async function inTurn<T>(
  { mutex, mayGoTogether, timeout, timedOut }: Turns,
  run: () => Promise<T>,
): Promise<T> {
  if (mayGoTogether()) return run();
  const release = await withTimeout(mutex, timeout, timedOut()).acquire();
  if (mayGoTogether()) {
    release();
    return run();
  }
  try {
    return await run();
  } finally {
    release();
  }
}
