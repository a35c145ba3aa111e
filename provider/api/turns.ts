import type { Mutex } from "async-mutex";
import type { Deadline } from "./deadline";

interface Turns {
  mutex: Mutex;
  /** Whether the requests may go at the same time. */
  mayGoTogether: () => boolean;
  deadline: Deadline;
  /** Why nothing was sent, where the turn did not come in time. */
  late: string;
}

/** Runs requests one at a time, until one of them has shown that the others may go at the same time. */
export async function inTurn<T>(
  { mutex, mayGoTogether, deadline, late }: Turns,
  run: () => Promise<T>,
): Promise<T> {
  if (mayGoTogether()) return run();
  const turn = mutex.acquire();
  const release = await deadline.within(turn, late).catch((error: unknown) => {
    // The turn still comes, and goes on to who waits next.
    void turn.then((pass) => pass());
    throw error;
  });
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
