/** The first visit waits at most so long for it, in milliseconds. */
const PATIENCE = 5000;

/**
 * Starts the service worker that keeps the page for visits without a network, and waits until it sees what the page
 * fetches, so that it can keep that, too. Pages without one work all the same.
 */
export async function startOffline(): Promise<void> {
  // Absent outside secure contexts; in development there is nothing to keep.
  const container: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  if (container === undefined || import.meta.env.DEV) return;
  try {
    await container.register('./service-worker.js');
  } catch {
    return;
  }
  if (container.controller !== null) return;
  await new Promise<void>((resolve) => {
    setTimeout(resolve, PATIENCE);
    container.addEventListener('controllerchange', () => resolve(), { once: true });
  });
}
