/**
 * Settles when nobody holds the lock of this name any more. A worker that holds a lock for life is known to be dead
 * when it is released: browsers do not tell otherwise.
 */
export async function whenReleased(lock: string): Promise<void> {
  // Absent outside secure contexts.
  const locks: LockManager | undefined = navigator.locks;
  if (locks === undefined) return new Promise(() => undefined);
  try {
    await locks.request(lock, () => undefined);
  } catch {
    // A page that is being closed takes its requests back.
    return new Promise(() => undefined);
  }
}
